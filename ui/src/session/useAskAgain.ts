import { useEffect, useEffectEvent } from "react";
import type { Code, IpcError } from "../api/bindings";
import { useCountdown } from "../components/useCountdown";
import { useSession } from "./Session";

/** How long after an answer a service that is away is asked again, in milliseconds. */
const askEvery = 5_000;

/** What passes without anybody's doing. */
const passing: readonly Code[] = ["unreachable", "no_answer", "unavailable", "too_many_requests"];

/** Asks a service that is away whether it is there again: a while after each answer, and not before it wants to be
 *  asked. Answers how long that is, in words. */
export function useAskAgain({ code, until }: IpcError): string | undefined {
  const { status, ask } = useSession();
  const wait = useCountdown(until);
  const resting = wait !== undefined || status?.place.kind !== "service" || !passing.includes(code);
  const again = useEffectEvent(ask);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer is a new status, and begins the time anew
  useEffect(() => {
    if (resting) return;
    const timer = setTimeout(() => again(), askEvery);
    return () => clearTimeout(timer);
  }, [resting, status]);
  return wait;
}
