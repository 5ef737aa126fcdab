import type { RecoveryCodesShown } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { PasswordDialog } from "../../components/PasswordDialog";
import * as m from "../../paraglide/messages.js";
import { useAct } from "../../session/useAct";

/** Replaces one's recovery codes. */
export function NewCodesDialog({
  isOpen,
  onClose,
  onCodes,
}: {
  isOpen: boolean;
  onClose: () => void;
  onCodes: (codes: RecoveryCodesShown) => void;
}) {
  const replace = useAct((password: string) => call("replaceRecoveryCodes", password));
  return (
    <PasswordDialog
      isOpen={isOpen}
      onClose={() => {
        replace.reset();
        onClose();
      }}
      title={m.me_codes_title()}
      action={m.me_codes_do()}
      pending={replace.pending}
      error={replace.error && sentenceOf(replace.error)}
      onConfirm={async (password) => {
        const outcome = await replace.run(password);
        if (outcome?.ok) onCodes(outcome.value);
      }}
    >
      {m.me_codes_words()}
    </PasswordDialog>
  );
}
