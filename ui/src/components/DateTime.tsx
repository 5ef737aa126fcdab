import { locale } from "./locale";

const exactly = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" });
const shortly = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const timed = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
const dated = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
const daily = new Intl.DateTimeFormat(locale, { dateStyle: "long" });
const relatively = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

const units: [Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const weekInSeconds = 7 * 86_400;

/** "3 minutes ago"; further than a week away, the date. */
export function timeInWords(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  if (Math.abs(seconds) >= weekInSeconds) return dated.format(at);
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second" as const, 1];
  // Under a minute nobody counts seconds, and the words would be stale at once.
  return relatively.format(unit === "second" ? 0 : Math.trunc(seconds / size), unit);
}

/** "23 November 2026". */
export function dayInWords(at: string): string {
  return daily.format(new Date(at));
}

/** "Nov 23, 2026, 2:05 PM": until when something is good. */
export function momentInWords(at: string): string {
  return shortly.format(new Date(at));
}

/** "2:05:09 PM": when something was done just now. */
export function timeOfDayInWords(at: Date): string {
  return timed.format(at);
}

/** "in 2 minutes": when there is use in trying again, rounded up so that it is never too early. */
export function untilInWords(at: string, now = new Date()): string {
  const seconds = Math.max(0, Math.ceil((new Date(at).getTime() - now.getTime()) / 1000));
  if (seconds < 60) return relatively.format(seconds, "second");
  if (seconds < 7_200) return relatively.format(Math.ceil(seconds / 60), "minute");
  if (seconds < 2 * 86_400) return relatively.format(Math.ceil(seconds / 3_600), "hour");
  return relatively.format(Math.ceil(seconds / 86_400), "day");
}

export type DateTimeProps = {
  /** RFC 3339, as the program below sends it. */
  at: string;
  /** Writes date and time out instead of "3 minutes ago". */
  exact?: boolean;
  now?: Date;
};

/** A moment: how long ago, and exactly on hover. */
export function DateTime({ at, exact = false, now = new Date() }: DateTimeProps) {
  const moment = new Date(at);
  // A moment that cannot be read is shown as it came rather than hidden.
  if (Number.isNaN(moment.getTime())) return <span>{at}</span>;
  return (
    <time dateTime={at} title={exactly.format(moment)} className="whitespace-nowrap tabular-nums">
      {exact ? shortly.format(moment) : timeInWords(moment, now)}
    </time>
  );
}
