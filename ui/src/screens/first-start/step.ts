import * as m from "../../paraglide/messages.js";

/** Where one is in the first start. */
export function stepAt(at: 1 | 2 | 3) {
  return { step: { at, of: 3, words: m.start_step({ at, of: 3 }) } };
}
