import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { PasswordDialog } from "../../components/PasswordDialog";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";

/** Turns one's own second factor off. */
export function RemoveSecondFactorDialog({
  isOpen,
  onClose,
  onDone,
}: {
  isOpen: boolean;
  onClose: () => void;
  onDone: () => void;
}) {
  const { move } = useSession();
  const remove = useAct((password: string) => call("removeSecondFactor", password));
  return (
    <PasswordDialog
      isOpen={isOpen}
      onClose={() => {
        remove.reset();
        onClose();
      }}
      title={m.me_factor_remove_title()}
      action={m.me_factor_remove()}
      danger
      pending={remove.pending}
      error={remove.error && sentenceOf(remove.error)}
      onConfirm={async (password) => {
        const outcome = await remove.run(password);
        if (!outcome?.ok) return;
        onClose();
        say(m.me_factor_removed());
        move(outcome.value);
        onDone();
      }}
    >
      {m.me_factor_remove_words()}
    </PasswordDialog>
  );
}
