import type { Number as PolicyNumber, Role } from "../../api/bindings";
import { everyRole, roleInWords } from "../../api/words";
import * as m from "../../paraglide/messages.js";
import { plain } from "./plain";

const numbers: Record<PolicyNumber, () => string> = {
  password_length: m.number_password_length,
  password_length_with_second_factor: m.number_password_length_with_second_factor,
  idle_minutes: m.number_idle_minutes,
  session_hours: m.number_session_hours,
  free_failures: m.number_free_failures,
  first_wait_seconds: m.number_first_wait_seconds,
  longest_wait_minutes: m.number_longest_wait_minutes,
  disable_after_failures: m.number_disable_after_failures,
  enrolment_hours: m.number_enrolment_hours,
  put_off_days: m.number_put_off_days,
  recycle_bin_days: m.number_recycle_bin_days,
  audit_days: m.number_audit_days,
};

const fields = new Map<string, () => string>(
  Object.entries({
    ...numbers,
    email: m.field_email,
    name: m.field_name,
    role: m.field_role,
    locked: m.field_locked,
    second_factor_required: m.field_second_factor_required,
    breach_check: m.field_breach_check,
    breach_forces_change: m.field_breach_forces_change,
  }),
);

const facts = new Map<string, () => string>(
  Object.entries({
    failures: m.fact_failures,
    failures_forgotten: m.fact_failures_forgotten,
    interrupted: m.fact_interrupted,
    until: m.fact_until,
    times: m.fact_times,
    file: m.fact_file,
    left: m.fact_left,
    rows: m.fact_rows,
    stage: m.fact_stage,
  }),
);

const stages = new Map<string, () => string>(
  Object.entries({
    second_factor: m.stage_second_factor,
    rebind: m.stage_rebind,
    set_up: m.stage_set_up,
    open: m.stage_open,
  }),
);

/** The field as the screens call it; one that no screen knows, by its own name. */
export function fieldInWords(field: string): string {
  return fields.get(field)?.() ?? plain(field);
}

export function factInWords(fact: string): string {
  return facts.get(fact)?.() ?? plain(fact);
}

/** What stands in a field, before or after. */
export function valueInWords(field: string, value: string | null): string {
  if (value === null || value === "") return m.empty_value();
  if (field === "role" || field === "second_factor_required") {
    const role = (word: string) => everyRole.find((role): role is Role => role === word);
    return value
      .split(" ")
      .map((word) => {
        const known = role(word);
        return known ? roleInWords(known) : plain(word);
      })
      .join(", ");
  }
  if (value === "on") return m.yes();
  if (value === "off") return m.no();
  if (field === "stage") return stages.get(value)?.() ?? plain(value);
  return plain(value);
}
