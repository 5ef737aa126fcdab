import { Button } from "../../components/Button";
import { DateField } from "../../components/DateField";
import { dayInWords } from "../../components/DateTime";
import { FilterPopover } from "../../components/FilterBar";
import * as m from "../../paraglide/messages.js";

type Dates = { from?: string | undefined; until?: string | undefined };

/** The days of which the trail is shown, the last included. */
export function DatesFilter({
  from,
  until,
  onChange,
}: Dates & {
  onChange: (dates: Dates) => void;
}) {
  return (
    <FilterPopover label={m.audit_filter_dates()} value={datesInWords({ from, until })}>
      <DateField label={m.audit_dates_from()} value={from} onChange={(from) => onChange({ from, until })} />
      <DateField
        label={m.audit_dates_until()}
        value={until}
        onChange={(until) => onChange({ from, until })}
      />
      <Button onPress={() => onChange({})}>{m.audit_dates_clear()}</Button>
    </FilterPopover>
  );
}

function datesInWords({ from, until }: Dates): string | undefined {
  const words = (day: string) => dayInWords(`${day}T00:00`);
  if (from && until) return m.audit_dates_both({ from: words(from), until: words(until) });
  if (from) return m.audit_dates_since({ from: words(from) });
  return until && m.audit_dates_to({ until: words(until) });
}
