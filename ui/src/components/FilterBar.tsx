import { Check, ChevronDown, X } from "lucide-react";
import type { ReactNode } from "react";
import {
  Button as AriaButton,
  Menu as AriaMenu,
  MenuItem,
  MenuTrigger,
  Popover,
} from "react-aria-components";
import { cx } from "../design/cx";
import * as m from "../paraglide/messages.js";
import { Button } from "./Button";
import { menuItem, menuPopover } from "./Menu";
import type { Choice } from "./Select";

export type FilterChipProps<T extends string> = {
  label: string;
  choices: readonly Choice<T>[];
  /** Undefined while it filters nothing. */
  value: T | undefined;
  onChange: (value: T | undefined) => void;
};

/** One filter of a list: its name, and once set its value. Choosing the value again takes it off. */
export function FilterChip<T extends string>({ label, choices, value, onChange }: FilterChipProps<T>) {
  const chosen = choices.find(({ id }) => id === value);
  return (
    <MenuTrigger>
      <AriaButton
        className={cx(
          "inline-flex h-8 items-center gap-1.5 rounded-pill border px-3 font-medium text-small transition-colors",
          chosen
            ? "border-accent-ink/40 bg-accent-wash text-accent-ink"
            : "border-edge/60 border-dashed text-ink-soft data-hovered:bg-hover",
        )}
      >
        {chosen ? m.filter_set({ label, value: chosen.label }) : label}
        <ChevronDown aria-hidden size={14} />
      </AriaButton>
      <Popover offset={4} className={menuPopover}>
        <AriaMenu
          aria-label={label}
          items={choices}
          selectionMode="single"
          selectedKeys={value === undefined ? [] : [value]}
          onSelectionChange={(keys) => {
            const [key] = keys === "all" ? [] : keys;
            onChange(choices.find(({ id }) => id === key)?.id);
          }}
          className="outline-none"
        >
          {(choice) => (
            <MenuItem id={choice.id} textValue={choice.label} className={menuItem}>
              {({ isSelected }) => (
                <>
                  <Check aria-hidden size={16} className={cx(!isSelected && "invisible")} />
                  {choice.label}
                </>
              )}
            </MenuItem>
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

/** The line over a list: search and filters at its start, acts at its end. */
export function FilterBar({
  children,
  actions,
  onClear,
}: {
  children: ReactNode;
  actions?: ReactNode;
  /** Given while anything is filtered. */
  onClear?: (() => void) | undefined;
}) {
  return (
    <div className="flex min-h-control flex-wrap items-center gap-2">
      {children}
      {onClear && (
        <Button kind="plain" icon={X} onPress={onClear}>
          {m.filter_clear()}
        </Button>
      )}
      {actions && <div className="ms-auto flex gap-2">{actions}</div>}
    </div>
  );
}
