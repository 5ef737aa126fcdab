import { Minus, Plus } from "lucide-react";
import { Button as AriaButton, NumberField as AriaNumberField, Group, Input } from "react-aria-components";
import { cx } from "../design/cx";
import * as m from "../paraglide/messages.js";
import { FieldFoot, FieldHead, type FieldProps } from "./field";

export type NumberFieldProps = FieldProps & {
  value: number;
  onChange: (value: number) => void;
  minValue: number;
  maxValue: number;
  step?: number;
  isDisabled?: boolean;
  /** The unit, in words, behind the number. */
  unit?: string;
};

const stepper =
  "grid w-8 place-items-center self-stretch text-ink-soft ring-inside data-hovered:bg-hover data-disabled:opacity-40";

/** A whole number between bounds. */
export function NumberField({ label, help, error, unit, ...field }: NumberFieldProps) {
  return (
    <AriaNumberField
      {...field}
      // A cleared field gives NaN: the number before it stays.
      onChange={(value) => Number.isFinite(value) && field.onChange(value)}
      incrementAriaLabel={m.number_more({ label })}
      decrementAriaLabel={m.number_less({ label })}
      formatOptions={{ maximumFractionDigits: 0 }}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className="grid content-start gap-1.5"
    >
      <FieldHead label={label} help={help} />
      <div className="flex items-center gap-2.5">
        <Group className="flex h-control items-center overflow-hidden rounded-control border border-edge bg-field data-invalid:border-danger-ink">
          <AriaButton slot="decrement" className={cx(stepper, "border-line border-e")}>
            <Minus aria-hidden size={14} />
          </AriaButton>
          <Input className="ring-inside h-full w-20 bg-transparent text-center text-body text-ink tabular-nums" />
          <AriaButton slot="increment" className={cx(stepper, "border-line border-s")}>
            <Plus aria-hidden size={14} />
          </AriaButton>
        </Group>
        {unit && <span className="text-ink-soft">{unit}</span>}
      </div>
      <FieldFoot error={error} />
    </AriaNumberField>
  );
}
