import type { Action, EventQuery, Outcome } from "../../api/bindings";
import { oneOf, someText } from "../lists/useFilters";
import { everyAction } from "./actions";
import { everyOutcome } from "./Outcome";

/** What the route of the trail says. */
export type AuditFilters = {
  text?: string | undefined;
  account?: string | undefined;
  action?: Action | undefined;
  outcome?: Outcome | undefined;
  address?: string | undefined;
  /** The first day, YYYY-MM-DD in the person's own time zone. */
  from?: string | undefined;
  /** The last day, included. */
  until?: string | undefined;
};

export function readFilters(raw: Record<string, unknown>): AuditFilters {
  return {
    text: someText(raw.text),
    account: someText(raw.account),
    action: oneOf(everyAction, raw.action),
    outcome: oneOf(everyOutcome, raw.outcome),
    address: someText(raw.address),
    from: day(raw.from),
    until: day(raw.until),
  };
}

function day(value: unknown): string | undefined {
  const text = typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
  return text && midnight(text, 0) ? text : undefined;
}

/** The filters as the program below takes them: days become moments. */
export function asked({ text, account, action, outcome, address, from, until }: AuditFilters): EventQuery {
  return {
    text: text ?? null,
    account: account ?? null,
    action: action ?? null,
    outcome: outcome ?? null,
    address: address ?? null,
    from: (from && midnight(from, 0)) || null,
    until: (until && midnight(until, 1)) || null,
  };
}

/** The beginning of a day here, so many days on; none if there is no such day. */
function midnight(day: string, on: number): string | undefined {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const there = new Date(year, month - 1, date);
  if (there.getMonth() !== month - 1) return undefined;
  // By the calendar, not by 24 hours: the day the clocks change has another length.
  return new Date(year, month - 1, date + on).toISOString();
}
