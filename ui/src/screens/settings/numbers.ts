import type { Number as PolicyNumber } from "../../api/bindings";
import * as m from "../../paraglide/messages.js";

type Words = {
  label: () => string;
  unit: () => string;
  /** Why it is asked, and why the default is what it is. */
  why: () => string;
  /** Whose number it is. */
  source: (named: { source: string }) => string;
};

/** What each number is called, counts, and is for. */
export const numberWords: Record<PolicyNumber, Words> = {
  password_length: {
    label: m.number_password_length,
    unit: m.number_password_length_unit,
    why: m.number_password_length_why,
    source: m.number_source_standard,
  },
  password_length_with_second_factor: {
    label: m.number_password_length_with_second_factor,
    unit: m.number_password_length_with_second_factor_unit,
    why: m.number_password_length_with_second_factor_why,
    source: m.number_source_standard,
  },
  idle_minutes: {
    label: m.number_idle_minutes,
    unit: m.number_idle_minutes_unit,
    why: m.number_idle_minutes_why,
    source: m.number_source_standard,
  },
  session_hours: {
    label: m.number_session_hours,
    unit: m.number_session_hours_unit,
    why: m.number_session_hours_why,
    source: m.number_source_standard,
  },
  free_failures: {
    label: m.number_free_failures,
    unit: m.number_free_failures_unit,
    why: m.number_free_failures_why,
    source: m.number_source_standard,
  },
  first_wait_seconds: {
    label: m.number_first_wait_seconds,
    unit: m.number_first_wait_seconds_unit,
    why: m.number_first_wait_seconds_why,
    source: m.number_source_advice,
  },
  longest_wait_minutes: {
    label: m.number_longest_wait_minutes,
    unit: m.number_longest_wait_minutes_unit,
    why: m.number_longest_wait_minutes_why,
    source: m.number_source_standard,
  },
  disable_after_failures: {
    label: m.number_disable_after_failures,
    unit: m.number_disable_after_failures_unit,
    why: m.number_disable_after_failures_why,
    source: m.number_source_standard,
  },
  enrolment_hours: {
    label: m.number_enrolment_hours,
    unit: m.number_enrolment_hours_unit,
    why: m.number_enrolment_hours_why,
    source: m.number_source_practice,
  },
  put_off_days: {
    label: m.number_put_off_days,
    unit: m.number_put_off_days_unit,
    why: m.number_put_off_days_why,
    source: m.number_source_own,
  },
  recycle_bin_days: {
    label: m.number_recycle_bin_days,
    unit: m.number_recycle_bin_days_unit,
    why: m.number_recycle_bin_days_why,
    source: m.number_source_own,
  },
  audit_days: {
    label: m.number_audit_days,
    unit: m.number_audit_days_unit,
    why: m.number_audit_days_why,
    source: m.number_source_practice,
  },
  sign_ins_per_minute: {
    label: m.number_sign_ins_per_minute,
    unit: m.number_sign_ins_per_minute_unit,
    why: m.number_sign_ins_per_minute_why,
    source: m.number_source_practice,
  },
  failed_sign_ins: {
    label: m.number_failed_sign_ins,
    unit: m.number_failed_sign_ins_unit,
    why: m.number_failed_sign_ins_why,
    source: m.number_source_practice,
  },
  failed_sign_in_wait_minutes: {
    label: m.number_failed_sign_in_wait_minutes,
    unit: m.number_failed_sign_in_wait_minutes_unit,
    why: m.number_failed_sign_in_wait_minutes_why,
    source: m.number_source_practice,
  },
  sign_in_links_per_minute: {
    label: m.number_sign_in_links_per_minute,
    unit: m.number_sign_in_links_per_minute_unit,
    why: m.number_sign_in_links_per_minute_why,
    source: m.number_source_practice,
  },
  requests_per_minute: {
    label: m.number_requests_per_minute,
    unit: m.number_requests_per_minute_unit,
    why: m.number_requests_per_minute_why,
    source: m.number_source_practice,
  },
  registrations_per_hour: {
    label: m.number_registrations_per_hour,
    unit: m.number_registrations_per_hour_unit,
    why: m.number_registrations_per_hour_why,
    source: m.number_source_own,
  },
  resets_per_hour: {
    label: m.number_resets_per_hour,
    unit: m.number_resets_per_hour_unit,
    why: m.number_resets_per_hour_why,
    source: m.number_source_own,
  },
};

/** Which numbers stand together, in order. */
export const numberGroups: readonly { title: () => string; numbers: readonly PolicyNumber[] }[] = [
  {
    title: m.settings_passwords_title,
    numbers: ["password_length", "password_length_with_second_factor"],
  },
  { title: m.settings_sessions_title, numbers: ["idle_minutes", "session_hours", "put_off_days"] },
  {
    title: m.settings_tries_title,
    numbers: ["free_failures", "first_wait_seconds", "longest_wait_minutes", "disable_after_failures"],
  },
  {
    title: m.settings_limits_title,
    numbers: [
      "sign_ins_per_minute",
      "failed_sign_ins",
      "failed_sign_in_wait_minutes",
      "sign_in_links_per_minute",
      "requests_per_minute",
      "registrations_per_hour",
      "resets_per_hour",
    ],
  },
  { title: m.settings_keeping_title, numbers: ["enrolment_hours", "recycle_bin_days", "audit_days"] },
];
