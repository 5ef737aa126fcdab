import { useQuery } from "@tanstack/react-query";
import type { RecoveryCodesShown } from "../../api/bindings";
import { call, fetchOf } from "../../api/client";
import { sentenceOf, troubleIn } from "../../api/errors";
import { useAct } from "../../session/useAct";

/** A new second factor: begun once for as long as it is looked at and never kept, then confirmed by a code. What is
 *  begun is for a `ViewState`, its confirmation for a `SecondFactorSetup`. */
export function useNewSecondFactor(onCodes: (codes: RecoveryCodesShown) => void) {
  const { data, error, refetch } = useQuery({
    queryKey: ["second-factor-begun"],
    queryFn: () => fetchOf("beginSecondFactor"),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const confirm = useAct((code: string) => call("confirmSecondFactor", code));
  return {
    begun: {
      data: data && { qr: data.qr, secret: data.groups },
      trouble: troubleIn(error),
      onRetry: refetch,
    },
    confirmation: {
      pending: confirm.pending,
      error: confirm.error && sentenceOf(confirm.error),
      onConfirm: async (code: string) => {
        const outcome = await confirm.run(code);
        if (outcome?.ok) onCodes(outcome.value);
      },
    },
  };
}
