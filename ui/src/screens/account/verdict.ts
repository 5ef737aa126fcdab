import type { AccountPage, GateState } from "../../api/bindings";

/** The answer to "can they sign in now?". */
export type Verdict =
  | { can: "yes" }
  /** They can, once they have done what is asked first. */
  | { can: "asked"; gates: GateState[] }
  /** Not from a computer that is new to the account. */
  | { can: "partly"; gates: GateState[]; opensAt: string | null }
  | { can: "no"; gates: GateState[]; opensAt: string | null };

/** What a gate does to somebody who comes to it. */
export function effectOf({ gate, open }: GateState, page: AccountPage): "open" | "asks" | "shut" | "aside" {
  if (open) return "open";
  switch (gate.kind) {
    case "second_factor":
    case "password_change":
      return "asks";
    case "tries":
      if (gate.factor === "password") return "shut";
      // A recovery code replaces the phone and the other way round: one of the two is enough.
      return page.second_factor.since !== null && bothShut(page) ? "shut" : "aside";
    default:
      return "shut";
  }
}

function bothShut({ gates, second_factor }: AccountPage): boolean {
  const shut = (factor: "totp" | "recovery_code") =>
    gates.some(({ gate, open }) => gate.kind === "tries" && gate.factor === factor && !open);
  return shut("totp") && (shut("recovery_code") || second_factor.recovery_codes_left === 0);
}

/** Can they sign in now? Computed from the gates alone, so that it is never another answer than theirs. */
export function verdictOf(page: AccountPage): Verdict {
  const shut = page.gates.filter((gate) => effectOf(gate, page) === "shut");
  const asks = page.gates.filter((gate) => effectOf(gate, page) === "asks");
  if (shut.length === 0) return asks.length === 0 ? { can: "yes" } : { can: "asked", gates: asks };
  const opensAt = lastOpening(shut);
  // Who has signed in before has a computer that is counted apart, and is shut only by its own gate.
  const onlyNew =
    page.last_sign_in_at !== null &&
    shut.every(({ gate }) => gate.kind === "tries" && gate.scope === "anywhere");
  return onlyNew ? { can: "partly", gates: shut, opensAt } : { can: "no", gates: shut, opensAt };
}

/** When all of them are open by themselves; none if one of them never is. */
function lastOpening(gates: GateState[]): string | null {
  const times = gates.map(({ opens_at }) => opens_at);
  if (times.some((at) => at === null)) return null;
  return times.reduce((last, at) => (Date.parse(at ?? "") > Date.parse(last ?? "") ? at : last));
}
