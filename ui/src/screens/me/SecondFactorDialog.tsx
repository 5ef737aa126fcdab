import type { RecoveryCodesShown } from "../../api/bindings";
import { Dialog } from "../../components/Dialog";
import { SecondFactorSetup } from "../../components/SecondFactorSetup";
import { Skeleton, ViewState } from "../../components/states";
import * as m from "../../paraglide/messages.js";
import { useNewSecondFactor } from "../entry/useNewSecondFactor";

/** Sets up a phone. Leaving half way changes nothing: the old one, if there is one, is asked for until then. */
export function SecondFactorDialog({
  onClose,
  onCodes,
}: {
  onClose: () => void;
  onCodes: (codes: RecoveryCodesShown) => void;
}) {
  const { begun, confirmation } = useNewSecondFactor(onCodes);
  return (
    <Dialog isOpen wide onClose={onClose} busy={confirmation.pending} title={m.second_factor_title()}>
      <p className="text-ink-soft">{m.second_factor_lead()}</p>
      <ViewState {...begun} skeleton={<Skeleton className="h-52" />}>
        {(shown) => <SecondFactorSetup {...shown} {...confirmation} />}
      </ViewState>
    </Dialog>
  );
}
