import { RotateCw } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { GateForm } from "../../components/GateForm";
import { StoreFile } from "../../components/StoreFile";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";

export type RecoveryKeyEntryProps = {
  /** Whether the keychain has no key for this store; otherwise it only cannot be asked now. */
  lost: boolean;
  /** The file of the store. */
  store: string;
  pending: boolean;
  error?: string | undefined;
  onSubmit: (key: string) => void;
  /** Looks for the key in the keychain once more; what came of it is said. */
  again: { look: () => void; pending: boolean; said: string | undefined };
};

/** A store on a machine that has no key for it: another computer, or an emptied keychain. */
export function RecoveryKeyEntry({ lost, store, pending, error, onSubmit, again }: RecoveryKeyEntryProps) {
  const [key, setKey] = useState("");
  return (
    <Gate
      screen="recovery-key-entry"
      wide
      title={lost ? m.recovery_title() : m.recovery_instead_title()}
      lead={lost ? m.recovery_lead() : m.recovery_instead_lead()}
      foot={
        <div className="grid justify-items-center gap-1">
          <Button kind="plain" icon={RotateCw} pending={again.pending} onPress={again.look}>
            {m.key_retry()}
          </Button>
          <p role="status" className="text-ink-soft text-small">
            {again.said}
          </p>
        </div>
      }
    >
      <GateForm action={m.recovery_open()} pending={pending} onSubmit={() => onSubmit(key)}>
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
      </GateForm>
      <div className="pt-4">
        <StoreFile path={store} />
      </div>
    </Gate>
  );
}
