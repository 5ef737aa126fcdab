import type { ReactNode } from "react";
import { Switch as AriaSwitch } from "react-aria-components";
import { cx } from "../design/cx";

export type SwitchProps = {
  children: ReactNode;
  isSelected: boolean;
  isDisabled?: boolean;
  onChange: (selected: boolean) => void;
};

/** A yes or no that counts at once. */
export function Switch({ children, ...rest }: SwitchProps) {
  return (
    <AriaSwitch
      {...rest}
      className="group flex min-h-8 items-center gap-3 outline-none data-disabled:opacity-55"
    >
      {({ isSelected, isFocusVisible }) => (
        <>
          <span
            aria-hidden
            data-focus-visible={isFocusVisible || undefined}
            className={cx(
              "flex h-5 w-9 shrink-0 items-center rounded-pill border p-0.5 transition-colors",
              isSelected ? "justify-end border-accent bg-accent" : "border-edge bg-field",
            )}
          >
            <span className={cx("size-3.5 rounded-pill", isSelected ? "bg-on-accent" : "bg-edge")} />
          </span>
          <span>{children}</span>
        </>
      )}
    </AriaSwitch>
  );
}
