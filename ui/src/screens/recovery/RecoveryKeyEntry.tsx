import { RotateCw } from "lucide-react";
import { useState } from "react";
import { Form } from "react-aria-components";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";

export type RecoveryKeyEntryProps = {
  /** Whether the keychain has no key for this store; otherwise it only cannot be asked now. */
  lost: boolean;
  pending: boolean;
  error?: string | undefined;
  onSubmit: (key: string) => void;
  /** Looks for the key in the keychain once more. */
  onRetry: () => void;
};

/** A store on a machine that has no key for it: another computer, or an emptied keychain. */
export function RecoveryKeyEntry({ lost, pending, error, onSubmit, onRetry }: RecoveryKeyEntryProps) {
  const [key, setKey] = useState("");
  return (
    <Gate
      screen="recovery-key-entry"
      wide
      title={lost ? m.recovery_title() : m.recovery_instead_title()}
      lead={lost ? m.recovery_lead() : m.recovery_instead_lead()}
      foot={
        <Button kind="plain" icon={RotateCw} onPress={onRetry}>
          {m.key_retry()}
        </Button>
      }
    >
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
        <Button type="submit" kind="primary" wide pending={pending}>
          {m.recovery_open()}
        </Button>
      </Form>
    </Gate>
  );
}
