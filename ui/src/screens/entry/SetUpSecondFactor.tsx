import { useQuery } from "@tanstack/react-query";
import type { RecoveryCodesShown } from "../../api/bindings";
import { call, fetchOf } from "../../api/client";
import { sentenceOf, troubleIn } from "../../api/errors";
import { Skeleton, ViewState } from "../../components/states";
import { say } from "../../components/toasts";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { SecondFactorStep } from "../first-start/SecondFactorStep";

/** A new second factor with its picture, begun once for as long as it is looked at and never kept. */
export function useBegunSecondFactor() {
  return useQuery({
    queryKey: ["second-factor-begun"],
    queryFn: () => fetchOf("beginSecondFactor"),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

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
  const { data, error, refetch } = useBegunSecondFactor();
  const confirm = useAct((code: string) => call("confirmSecondFactor", code));
  const putOff = useAct(() => call("putOffSecondFactor"));
  return (
    <ViewState
      data={data}
      trouble={troubleIn(error)}
      onRetry={refetch}
      skeleton={<Skeleton className="mx-auto mt-16 h-96 max-w-xl" />}
    >
      {({ qr, groups }) => (
        <SecondFactorStep
          counted={counted}
          qr={qr}
          secret={groups}
          pending={confirm.pending}
          error={confirm.error && sentenceOf(confirm.error)}
          onConfirm={async (code) => {
            const outcome = await confirm.run(code);
            if (outcome?.ok) onCodes(outcome.value);
          }}
          onPutOff={
            required
              ? undefined
              : async () => {
                  const outcome = await putOff.run();
                  if (outcome?.ok) move(outcome.value);
                  else if (outcome) say(sentenceOf(outcome.error), { tone: "danger" });
                }
          }
          onSignOut={signOut}
        />
      )}
    </ViewState>
  );
}
