import type { Reached } from "./bindings";
import { call } from "./client";

/** Tells the program below how far the start has come, and when. Two frames on, what stands there now has been
 *  painted; returns how to keep it to oneself. */
export function tellReached(step: Reached, then = () => {}): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(() => {
      void call("reached", step, Date.now());
      then();
    });
  });
  return () => cancelAnimationFrame(frame);
}
