import { useQuery } from "@tanstack/react-query";
import { call, fetchOf } from "../../api/client";
import { sentenceOf, troubleIn } from "../../api/errors";
import { Skeleton, ViewState } from "../../components/states";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { useSheet } from "../../session/useSheet";
import { RecoveryKeyStep } from "../first-start/RecoveryKeyStep";

/** Shows the recovery key and asks two of its groups back. */
export function KeepRecoveryKey({ counted }: { counted: boolean }) {
  const { move, turnTo } = useSession();
  const sheet = useSheet("recovery_key");
  const { data, error, refetch } = useQuery({
    queryKey: ["recovery-key"],
    queryFn: () => fetchOf("recoveryKeyShow"),
    // Each question may make a new key: once for as long as it is looked at, and never kept.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const confirm = useAct((groups: [string, string]) => call("recoveryKeyConfirm", groups));
  return (
    <ViewState
      data={data}
      trouble={troubleIn(error)}
      onRetry={refetch}
      skeleton={<Skeleton className="mx-auto mt-16 h-96 max-w-xl" />}
    >
      {({ groups, asked: [first, second] }) => (
        <RecoveryKeyStep
          {...sheet}
          counted={counted}
          groups={groups}
          asked={[first + 1, second + 1]}
          pending={confirm.pending}
          error={confirm.error && sentenceOf(confirm.error)}
          onConfirm={async ([first, second]) => {
            const outcome = await confirm.run([first, second]);
            if (!outcome?.ok) return;
            turnTo("steps");
            move(outcome.value);
            say(counted ? m.start_done() : m.recovery_key_confirmed());
          }}
          onLater={() => turnTo("later")}
        />
      )}
    </ViewState>
  );
}
