import type { RecoveryCodesShown } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { Skeleton, ViewState } from "../../components/states";
import { say } from "../../components/toasts";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { SecondFactorStep } from "../first-start/SecondFactorStep";
import { useNewSecondFactor } from "./useNewSecondFactor";

/** A second factor comes before anything else, or is offered. */
export function SetUpSecondFactor({
  required,
  counted,
  onCodes,
}: {
  required: boolean;
  counted: boolean;
  onCodes: (codes: RecoveryCodesShown) => void;
}) {
  const { move, signOut } = useSession();
  const { begun, confirmation } = useNewSecondFactor(onCodes);
  const putOff = useAct(() => call("putOffSecondFactor"));
  const later = async () => {
    const outcome = await putOff.run();
    if (outcome?.ok) move(outcome.value);
    else if (outcome) say(sentenceOf(outcome.error), { tone: "danger" });
  };
  return (
    <ViewState {...begun} skeleton={<Skeleton className="mx-auto mt-16 h-96 max-w-xl" />}>
      {(shown) => (
        <SecondFactorStep
          {...shown}
          {...confirmation}
          counted={counted}
          onPutOff={required ? undefined : later}
          onSignOut={signOut}
        />
      )}
    </ViewState>
  );
}
