import { useState } from "react";
import { Form } from "react-aria-components";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";

export type RecoveryKeyEntryProps = {
  /** Where the store lies, so that somebody who opened the wrong one sees it. */
  store: string;
  pending: boolean;
  error?: string | undefined;
  onSubmit: (key: string) => void;
};

/** A store on a machine that has no key for it: another computer, or an emptied keychain. */
export function RecoveryKeyEntry({ store, pending, error, onSubmit }: RecoveryKeyEntryProps) {
  const [key, setKey] = useState("");
  return (
    <Gate wide title={m.recovery_title()} lead={m.recovery_lead()}>
      <Form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!pending) onSubmit(key);
        }}
      >
        <TextField
          autoFocus
          code
          label={m.recovery_key_label()}
          help={m.recovery_key_entry_help()}
          autoComplete="off"
          value={key}
          onChange={setKey}
          error={error}
        />
        <p className="text-ink-faint text-small">{m.recovery_store({ store })}</p>
        <Button type="submit" kind="primary" wide pending={pending}>
          {m.recovery_open()}
        </Button>
      </Form>
    </Gate>
  );
}
