import { useEffect, useState, useSyncExternalStore } from "react";

/** After how many milliseconds an answer is called slow. */
const slowAfter = 2_000;

const under = new Map<symbol, number>();
const listeners = new Set<() => void>();

const tell = () => {
  for (const listener of listeners) listener();
};

/** A question is under way; returns how to say that it no longer is. */
export function begun(): () => void {
  const question = Symbol("question");
  under.set(question, Date.now());
  tell();
  return () => {
    under.delete(question);
    tell();
  };
}

/** When the oldest question that is under way was asked. */
function oldest(): number | undefined {
  const [first] = under.values();
  return first;
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether something has been under way for longer than anybody likes to wait without a word. */
export function useSlow(): boolean {
  const since = useSyncExternalStore(listen, oldest);
  const [slow, setSlow] = useState<number>();
  useEffect(() => {
    if (since === undefined) return;
    const timer = setTimeout(() => setSlow(since), Math.max(0, since + slowAfter - Date.now()));
    return () => clearTimeout(timer);
  }, [since]);
  return since !== undefined && slow === since;
}
