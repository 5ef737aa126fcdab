import type { AccountPage, Factor, Gate, GateState, Mark } from "../../api/bindings";
import { momentInWords, untilInWords } from "../../components/DateTime";
import * as m from "../../paraglide/messages.js";
import { plain } from "../audit/plain";
import { counted } from "../lists/count";

/** A gate in words: what it is, and what is worth knowing of it. */
export function gateInWords(
  { gate, open }: GateState,
  page: AccountPage,
): { title: string; detail?: string } {
  const { account } = page;
  switch (gate.kind) {
    case "not_deleted":
      return open ? { title: m.gate_not_deleted() } : { title: m.gate_deleted(), ...by(account.deleted) };
    case "enabled":
      return open ? { title: m.gate_enabled() } : { title: m.gate_disabled(), ...by(account.disabled) };
    case "not_locked":
      return open ? { title: m.gate_not_locked() } : { title: m.gate_locked(), ...by(account.locked) };
    case "enrolled":
      return open
        ? { title: m.gate_enrolled() }
        : { title: m.gate_not_enrolled(), detail: enrolment(page.enrolment_until) };
    case "tries":
      return { title: place(gate), detail: tries(gate) };
    case "second_factor":
      if (gate.set_up) return { title: m.gate_factor_set_up() };
      return { title: open ? m.gate_factor_none() : m.gate_factor_required() };
    case "password_change":
      return { title: gate.forced ? m.gate_password_forced() : m.gate_password_stays() };
  }
}

function by(mark: Mark | null): { detail?: string } {
  if (!mark) return {};
  const who = plain(mark.by);
  return {
    detail: mark.reason
      ? m.gate_mark_reason({ by: who, reason: plain(mark.reason) })
      : m.gate_mark({ by: who }),
  };
}

function enrolment(until: string | null): string {
  return until ? m.gate_enrolment_out({ when: momentInWords(until) }) : m.gate_enrolment_none();
}

type Tries = Extract<Gate, { kind: "tries" }>;

const factors: Record<Factor, () => string> = {
  password: m.gate_tries_password,
  totp: m.gate_tries_totp,
  recovery_code: m.gate_tries_recovery_code,
};

function place({ factor, scope }: Tries): string {
  const words = scope === "anywhere" ? m.gate_scope_anywhere : m.gate_scope_known;
  return words({ factor: factors[factor]() });
}

function tries({ factor, state }: Tries): string {
  switch (state.state) {
    case "open":
      return m.gate_tries_left(counted(state.left));
    case "waiting":
      return m.gate_tries_waiting({ when: untilInWords(state.until) });
    case "disabled":
      return factor === "password" ? m.gate_tries_disabled_password() : m.gate_tries_disabled_other();
  }
}
