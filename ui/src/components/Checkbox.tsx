import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox } from "react-aria-components";
import { cx } from "../design/cx";

export type CheckboxProps = {
  children: ReactNode;
  isSelected: boolean;
  isIndeterminate?: boolean;
  isDisabled?: boolean;
  onChange: (selected: boolean) => void;
};

/** A yes or no that counts when the form is sent. */
export function Checkbox({ children, ...box }: CheckboxProps) {
  return (
    <AriaCheckbox
      {...box}
      className="group flex min-h-8 items-center gap-2.5 outline-none data-disabled:opacity-55"
    >
      {({ isSelected, isIndeterminate, isFocusVisible }) => (
        <>
          <span
            aria-hidden
            data-focus-visible={isFocusVisible || undefined}
            className={cx(
              "grid size-4.5 shrink-0 place-items-center rounded-small border transition-colors",
              isSelected || isIndeterminate
                ? "border-accent bg-accent text-on-accent"
                : "border-edge bg-field group-data-hovered:border-ink-soft",
            )}
          >
            {isIndeterminate ? (
              <Minus size={13} strokeWidth={3} />
            ) : (
              isSelected && <Check size={13} strokeWidth={3} />
            )}
          </span>
          <span>{children}</span>
        </>
      )}
    </AriaCheckbox>
  );
}
