import { untilInWords } from "../components/DateTime";
import type { Trouble } from "../components/states";
import * as m from "../paraglide/messages.js";
import type { Code, IpcError, TextRefused, Weakness } from "./bindings";
import { Refused } from "./client";

type Words = () => string;

/** What happened, and what to do now: every code has both, or this does not compile. */
const words: Record<Code, readonly [happened: Words, next: Words]> = {
  wrong_credentials: [m.error_wrong_credentials, m.error_wrong_credentials_next],
  waiting: [m.error_waiting, m.error_waiting_next],
  factor_disabled: [m.error_factor_disabled, m.error_factor_disabled_next],
  disabled: [m.error_disabled, m.error_disabled_next],
  locked_by_hand: [m.error_locked_by_hand, m.error_locked_by_hand_next],
  code_replayed: [m.error_code_replayed, m.error_code_replayed_next],
  code_out_of_time: [m.error_code_out_of_time, m.error_code_out_of_time_next],
  too_many_codes: [m.error_too_many_codes, m.error_too_many_codes_next],
  enrolment_refused: [m.error_enrolment_refused, m.error_enrolment_refused_next],
  link_refused: [m.error_link_refused, m.error_link_refused_next],
  session_locked: [m.error_session_locked, m.error_session_locked_next],
  session_ended: [m.error_session_ended, m.error_session_ended_next],
  second_factor_needed: [m.error_second_factor_needed, m.error_second_factor_needed_next],
  set_up_needed: [m.error_set_up_needed, m.error_set_up_needed_next],
  weak_password: [m.error_weak_password, m.error_weak_password_next],
  password_too_long: [m.error_password_too_long, m.error_password_too_long_next],
  not_allowed: [m.error_not_allowed, m.error_not_allowed_next],
  last_owner: [m.error_last_owner, m.error_last_owner_next],
  own_account: [m.error_own_account, m.error_own_account_next],
  conflict: [m.error_conflict, m.error_conflict_next],
  email_taken: [m.error_email_taken, m.error_email_taken_next],
  not_found: [m.error_not_found, m.error_not_found_next],
  unchanged: [m.error_unchanged, m.error_unchanged_next],
  in_recycle_bin: [m.error_in_recycle_bin, m.error_in_recycle_bin_next],
  bad_text: [m.error_bad_text, m.error_bad_text_next],
  bad_email: [m.error_bad_email, m.error_bad_email_next],
  out_of_bounds: [m.error_out_of_bounds, m.error_out_of_bounds_next],
  nothing_begun: [m.error_nothing_begun, m.error_nothing_begun_next],
  already_set_up: [m.error_already_set_up, m.error_already_set_up_next],
  not_set_up: [m.error_not_set_up, m.error_not_set_up_next],
  not_offered: [m.error_not_offered, m.error_not_offered_next],
  disk_full: [m.error_disk_full, m.error_disk_full_next],
  read_only: [m.error_read_only, m.error_read_only_next],
  damaged: [m.error_damaged, m.error_damaged_next],
  busy: [m.error_busy, m.error_busy_next],
  broken: [m.error_broken, m.error_broken_next],
  in_use: [m.error_in_use, m.error_in_use_next],
  foreign: [m.error_foreign, m.error_foreign_next],
  newer: [m.error_newer, m.error_newer_next],
  no_store: [m.error_no_store, m.error_no_store_next],
  keychain_locked: [m.error_keychain_locked, m.error_keychain_locked_next],
  key_missing: [m.error_key_missing, m.error_key_missing_next],
  no_keychain: [m.error_no_keychain, m.error_no_keychain_next],
  keychain_silent: [m.error_keychain_silent, m.error_keychain_silent_next],
  wrong_recovery_key: [m.error_wrong_recovery_key, m.error_wrong_recovery_key_next],
  wrong_key: [m.error_wrong_key, m.error_wrong_key_next],
  key_card_damaged: [m.error_key_card_damaged, m.error_key_card_damaged_next],
  bad_request: [m.error_bad_request, m.error_bad_request_next],
  unreachable: [m.error_unreachable, m.error_unreachable_next],
  no_answer: [m.error_no_answer, m.error_no_answer_next],
  outcome_unknown: [m.error_outcome_unknown, m.error_outcome_unknown_next],
  certificate_unknown: [m.error_certificate_unknown, m.error_certificate_unknown_next],
  certificate_out_of_date: [m.error_certificate_out_of_date, m.error_certificate_out_of_date_next],
  certificate_for_another: [m.error_certificate_for_another, m.error_certificate_for_another_next],
  certificate_changed: [m.error_certificate_changed, m.error_certificate_changed_next],
  not_secured: [m.error_not_secured, m.error_not_secured_next],
  not_keyholder: [m.error_not_keyholder, m.error_not_keyholder_next],
  service_older: [m.error_service_older, m.error_service_older_next],
  service_newer: [m.error_service_newer, m.error_service_newer_next],
  too_many_requests: [m.error_too_many_requests, m.error_too_many_requests_next],
  unavailable: [m.error_unavailable, m.error_unavailable_next],
};

/** What happened, and what to do now. */
export function wordsOf(code: Code): { happened: string; next: string } {
  const [happened, next] = words[code];
  return { happened: happened(), next: next() };
}

/** The whole story, for a view or a dialog. */
export function troubleOf(error: IpcError): Trouble {
  const { happened, next } = wordsOf(error.code);
  return {
    title: happened,
    saved: error.code === "outcome_unknown" ? m.error_saved_unknown() : m.error_saved_nothing(),
    next,
    code: error.number,
    until: error.until,
  };
}

/** What a query of a view came back with, if it failed. */
export function troubleIn(failure: Error | null): Trouble | undefined {
  return failure instanceof Refused ? troubleOf(failure.error) : undefined;
}

/** One or two sentences, for under a field and in a toast. */
export function sentenceOf(error: IpcError): string {
  if (error.until !== null) {
    const when = { when: untilInWords(error.until) };
    if (error.code === "waiting") return m.waiting_until(when);
    return `${wordsOf(error.code).happened}. ${m.again_at(when)}`;
  }
  if (error.refusal?.kind === "weak_password") {
    return [...error.refusal.data.map(weaknessInWords), m.error_weak_password_next()].join(" ");
  }
  if (error.refusal?.kind === "bad_text") return textInWords(error.refusal.data);
  const { happened, next } = wordsOf(error.code);
  return `${happened}. ${next}`;
}

/** Why a text is not taken, and what would do. */
function textInWords(refused: TextRefused): string {
  if (refused === "empty") return m.bad_text_empty();
  return refused === "unprintable" ? m.bad_text_unprintable() : m.bad_text_too_long(refused.too_long);
}

/** One reason against a password. */
export function weaknessInWords(weakness: Weakness): string {
  switch (weakness.kind) {
    case "tooShort":
      return m.weak_too_short(weakness);
    case "common":
      return m.weak_common();
    case "repetitive":
      return m.weak_repetitive();
    case "sequential":
      return m.weak_sequential();
    case "contextWord":
      return { shop: m.weak_context_shop, name: m.weak_context_name, email: m.weak_context_email }[
        weakness.which
      ]();
    case "breached":
      return m.weak_breached({ count: weakness.times });
  }
}
