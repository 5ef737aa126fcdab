import { parseDate } from "@internationalized/date";
import { DateField as AriaDateField, DateInput, DateSegment } from "react-aria-components";
import { cx } from "../design/cx";
import { box, FieldFoot, FieldHead, type FieldProps } from "./field";

export type DateFieldProps = FieldProps & {
  /** A day as YYYY-MM-DD; undefined for none. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
};

/** A day, typed part by part in the order of the person's language. */
export function DateField({ label, help, error, value, onChange }: DateFieldProps) {
  return (
    <AriaDateField
      granularity="day"
      shouldForceLeadingZeros
      value={value === undefined ? null : parseDate(value)}
      onChange={(day) => onChange(day?.toString())}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className="grid content-start gap-1.5"
    >
      <FieldHead label={label} help={help} />
      <DateInput className={cx(box, "flex items-center gap-0.5 tabular-nums")}>
        {(segment) => (
          <DateSegment
            segment={segment}
            className="ring-inside rounded-small px-0.5 data-focused:bg-accent data-placeholder:text-ink-faint data-focused:text-on-accent"
          />
        )}
      </DateInput>
      <FieldFoot error={error} />
    </AriaDateField>
  );
}
