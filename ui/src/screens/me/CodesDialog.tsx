import type { RecoveryCodesShown } from "../../api/bindings";
import { Dialog } from "../../components/Dialog";
import { RecoveryCodesSheet } from "../../components/RecoveryCodesSheet";
import * as m from "../../paraglide/messages.js";
import { useSheet } from "../../session/useSheet";

/** Recovery codes, shown once: nothing but having saved them leads on, so that no Escape loses them. */
export function CodesDialog({ shown, onDone }: { shown: RecoveryCodesShown; onDone: () => void }) {
  const sheet = useSheet("recovery_codes");
  return (
    <Dialog isOpen wide busy onClose={onDone} title={m.me_codes_sheet()}>
      <RecoveryCodesSheet
        {...sheet}
        codes={shown.codes}
        account={shown.account}
        issuer={shown.shop}
        madeAt={shown.made_at}
        onDone={onDone}
      />
    </Dialog>
  );
}
