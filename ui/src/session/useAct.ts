import { useRef, useState } from "react";
import type { IpcError } from "../api/bindings";
import type { Outcome } from "../api/client";

export type Act<A extends unknown[], T> = {
  run: (...args: A) => Promise<Outcome<T> | undefined>;
  pending: boolean;
  /** Why it was refused last time. */
  error: IpcError | undefined;
  /** Forgets the refusal. */
  reset: () => void;
};

/** One act at a time: a second press while it is under way does nothing and answers undefined. Its arguments are
 *  kept nowhere, since they may be secrets; that is why this is no mutation of TanStack Query. */
export function useAct<A extends unknown[], T>(act: (...args: A) => Promise<Outcome<T>>): Act<A, T> {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<IpcError>();
  const running = useRef(false);
  return {
    pending,
    error,
    reset: () => setError(undefined),
    run: async (...args) => {
      if (running.current) return undefined;
      running.current = true;
      setPending(true);
      const outcome = await act(...args);
      running.current = false;
      setPending(false);
      setError(outcome.ok ? undefined : outcome.error);
      return outcome;
    },
  };
}
