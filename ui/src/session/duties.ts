import type { Duty, Me } from "../api/bindings";

import type { SetUp } from "./Session";

/** What stands between a person who is signed in and the console; "counted" in the three steps of a first start. */
export type Step =
  | { kind: "change_password"; breached: number | null }
  | { kind: "second_factor"; required: boolean; counted: boolean }
  | { kind: "recovery_key"; counted: boolean };

/** The next step, or none: then the console is open and what is left are reminders.
 *
 *  An owner whose recovery key is not confirmed is in the middle of the first start, and goes on there also after
 *  a restart. */
export function stepOf({ duties }: Me, setUp: SetUp): Step | undefined {
  const has = <K extends Duty["kind"]>(kind: K) =>
    duties.find((duty): duty is Extract<Duty, { kind: K }> => duty.kind === kind);
  const change = has("change_password");
  const firstStart = has("confirm_recovery_key") !== undefined;
  if (change) return change;
  if (has("set_up_second_factor")) return { kind: "second_factor", required: true, counted: firstStart };
  if (setUp === "recovery_key") return { kind: "recovery_key", counted: false };
  if (setUp === "later" || !firstStart) return undefined;
  if (has("offer_second_factor")) return { kind: "second_factor", required: false, counted: true };
  return { kind: "recovery_key", counted: true };
}
