import type { Ref } from "react";
import { TextField as AriaTextField, Input } from "react-aria-components";
import { cx } from "../design/cx";
import { box, FieldFoot, FieldHead, type FieldProps } from "./field";

export type CodeFieldProps = FieldProps & {
  /** The digits alone. */
  value: string;
  onChange: (digits: string) => void;
  /** Called when the last digit is in, so that nobody has to press a button. */
  onComplete?: (digits: string) => void;
  autoFocus?: boolean;
  ref?: Ref<HTMLInputElement>;
};

const length = 6;

/** The six digits of an authenticator in one field: can be pasted, spaces do not matter. */
export function CodeField({
  label,
  help,
  error,
  value,
  onChange,
  onComplete,
  ref,
  ...field
}: CodeFieldProps) {
  const take = (text: string) => {
    const digits = text.replace(/\D/g, "").slice(0, length);
    onChange(digits);
    if (digits.length === length && digits !== value) onComplete?.(digits);
  };
  return (
    <AriaTextField
      {...field}
      value={value.length > 3 ? `${value.slice(0, 3)} ${value.slice(3)}` : value}
      onChange={take}
      inputMode="numeric"
      autoComplete="one-time-code"
      spellCheck="false"
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className="grid content-start gap-1.5"
    >
      <FieldHead label={label} help={help} />
      <Input
        ref={ref ?? null}
        placeholder="000 000"
        className={cx(box, "h-11 max-w-44 text-center font-medium text-title tabular-nums tracking-code")}
      />
      <FieldFoot error={error} />
    </AriaTextField>
  );
}
