import type { Reached } from "./bindings";
import { call } from "./client";

/** Tells the program below how far the start has come, and when: behind the next frame, which paints what stands
 *  there now. Goes on with `then`; returns how to keep it to oneself. */
export function tellReached(step: Reached, then = () => {}): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(() => {
      void call("reached", step, Date.now());
      then();
    });
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
