import { useEffect, useEffectEvent } from "react";
import type { Me } from "../api/bindings";
import { call } from "../api/client";

/** How often the program below is told of the person's activity at the most, in milliseconds. */
const touchEvery = 20_000;
/** Past the moment itself, so that the answer is not "not yet". */
const grace = 500;
const longestTimer = 2 ** 31 - 1;

const signs = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

/** Tells the program below that somebody is there, and asks it at the moment it should have locked: the lock is
 *  below, the window only must not look open while it is shut. */
export function useWatch({ locks_at, ends_at }: Me, ask: () => void): void {
  const onDue = useEffectEvent(ask);

  useEffect(() => {
    let last = Number.NEGATIVE_INFINITY;
    const touch = () => {
      const now = Date.now();
      if (now - last < touchEvery) return;
      last = now;
      void call("touch");
    };
    for (const sign of signs) addEventListener(sign, touch, { passive: true });
    return () => {
      for (const sign of signs) removeEventListener(sign, touch);
    };
  }, []);

  useEffect(() => {
    const due = Math.min(Date.parse(locks_at), Date.parse(ends_at)) - Date.now() + grace;
    const timer = setTimeout(() => onDue(), Math.min(Math.max(due, grace), longestTimer));
    // After sleep a timer is late, and the window comes to the front first.
    const onFocus = () => onDue();
    addEventListener("focus", onFocus);
    return () => {
      clearTimeout(timer);
      removeEventListener("focus", onFocus);
    };
  }, [locks_at, ends_at]);
}
