import type { RecoveryCodesShown } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf, troubleIn } from "../../api/errors";
import { Dialog } from "../../components/Dialog";
import { SecondFactorSetup } from "../../components/SecondFactorSetup";
import { Skeleton, ViewState } from "../../components/states";
import * as m from "../../paraglide/messages.js";
import { useAct } from "../../session/useAct";
import { useBegunSecondFactor } from "../entry/SetUpSecondFactor";

/** Sets up a phone. Leaving half way changes nothing: the old one, if there is one, is asked for until then. */
export function SecondFactorDialog({
  onClose,
  onCodes,
}: {
  onClose: () => void;
  onCodes: (codes: RecoveryCodesShown) => void;
}) {
  const { data, error, refetch } = useBegunSecondFactor();
  const confirm = useAct((code: string) => call("confirmSecondFactor", code));
  return (
    <Dialog isOpen wide onClose={onClose} busy={confirm.pending} title={m.second_factor_title()}>
      <p className="text-ink-soft">{m.second_factor_lead()}</p>
      <ViewState
        data={data}
        trouble={troubleIn(error)}
        onRetry={refetch}
        skeleton={<Skeleton className="h-52" />}
      >
        {({ qr, groups }) => (
          <SecondFactorSetup
            qr={qr}
            secret={groups}
            pending={confirm.pending}
            error={confirm.error && sentenceOf(confirm.error)}
            onConfirm={async (code) => {
              const outcome = await confirm.run(code);
              if (outcome?.ok) onCodes(outcome.value);
            }}
          />
        )}
      </ViewState>
    </Dialog>
  );
}
