import type { Number as PolicyNumber, Role } from "../../api/bindings";
import { everyRole, roleInWords } from "../../api/words";
import * as m from "../../paraglide/messages.js";
import { actions, everyAction } from "./actions";
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
  sign_ins_per_minute: m.number_sign_ins_per_minute,
  failed_sign_ins: m.number_failed_sign_ins,
  failed_sign_in_wait_minutes: m.number_failed_sign_in_wait_minutes,
  sign_in_links_per_minute: m.number_sign_in_links_per_minute,
  requests_per_minute: m.number_requests_per_minute,
  registrations_per_hour: m.number_registrations_per_hour,
  resets_per_hour: m.number_resets_per_hour,
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
    registration: m.field_registration,
    limits: m.field_limits,
    token: m.fact_token,
    scopes: m.fact_scopes,
    provisioner: m.fact_provisioner,
    expires_at: m.fact_expires_at,
    user_name: m.field_user_name,
    external_id: m.field_external_id,
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
    whole: m.fact_whole,
    first_bad_row: m.fact_first_bad_row,
    action: m.fact_action,
    account: m.fact_account,
    answer: m.fact_answer,
    by: m.fact_by,
    session: m.fact_session,
    with: m.fact_with,
    passkey: m.fact_passkey,
    counter: m.fact_counter,
    id: m.fact_id,
    limit: m.fact_limit,
    subject: m.fact_subject,
    token: m.fact_token,
    scopes: m.fact_scopes,
    provisioner: m.fact_provisioner,
    expires_at: m.fact_expires_at,
    letter: m.fact_letter,
    why: m.fact_why,
    who: m.fact_who,
    what: m.fact_what,
  }),
);

/** Words that stand as a value, of whichever field. */
const values = new Map<string, Map<string, () => string>>(
  Object.entries({
    breach_check: onOrOff(),
    breach_forces_change: onOrOff(),
    registration: onOrOff(),
    whole: onOrOff(),
    by: new Map([["link", m.by_link]]),
    with: new Map([["passkey", m.with_passkey]]),
    counter: new Map([["went back", m.counter_went_back]]),
    stage: new Map(
      Object.entries({
        second_factor: m.stage_second_factor,
        rebind: m.stage_rebind,
        set_up: m.stage_set_up,
        open: m.stage_open,
      }),
    ),
    answer: new Map(
      Object.entries({
        breached: m.answer_breached,
        not_found: m.answer_not_found,
        not_checked: m.answer_not_checked,
      }),
    ),
    action: new Map(everyAction.map((action) => [action, actions[action].label])),
  }),
);

function onOrOff() {
  return new Map(Object.entries({ on: m.yes, off: m.no, true: m.yes, false: m.no }));
}

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
  return values.get(field)?.get(value)?.() ?? plain(value);
}
