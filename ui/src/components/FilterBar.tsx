import { Check, ChevronDown, X } from "lucide-react";
import type { ReactNode } from "react";
import {
  Button as AriaButton,
  Dialog as AriaDialog,
  Menu as AriaMenu,
  DialogTrigger,
  Header,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
} from "react-aria-components";
import { cx } from "../design/cx";
import * as m from "../paraglide/messages.js";
import { Button } from "./Button";
import { menuItem, menuPopover } from "./Menu";
import type { Choice } from "./Select";

/** Choices that belong together, under a name of their own. */
type ChoiceGroup<T extends string> = { label: string; choices: readonly Choice<T>[] };

export type FilterChipProps<T extends string> = {
  label: string;
  /** A few; or many, in groups. */
  choices: readonly Choice<T>[] | readonly ChoiceGroup<T>[];
  /** Undefined while it filters nothing. */
  value: T | undefined;
  onChange: (value: T | undefined) => void;
};

const chip = (isSet: boolean) =>
  cx(
    "inline-flex h-8 items-center gap-1.5 rounded-pill border px-3 font-medium text-small transition-colors",
    isSet
      ? "border-accent-ink/40 bg-accent-wash text-accent-ink"
      : "border-edge/60 border-dashed text-ink-soft data-hovered:bg-hover",
  );

/** One filter of a list: its name, and once set its value. Choosing the value again takes it off. */
export function FilterChip<T extends string>({ label, choices, value, onChange }: FilterChipProps<T>) {
  const every = choices.flatMap((each) => ("choices" in each ? each.choices : [each]));
  const chosen = every.find(({ id }) => id === value);
  return (
    <MenuTrigger>
      <AriaButton className={chip(chosen !== undefined)}>
        {chosen ? m.filter_set({ label, value: chosen.label }) : label}
        <ChevronDown aria-hidden size={14} />
      </AriaButton>
      <Popover offset={4} className={menuPopover}>
        <AriaMenu
          aria-label={label}
          selectionMode="single"
          selectedKeys={value === undefined ? [] : [value]}
          onSelectionChange={(keys) => {
            const [key] = keys === "all" ? [] : keys;
            onChange(every.find(({ id }) => id === key)?.id);
          }}
          className="outline-none"
        >
          {choices.map((each) =>
            "choices" in each ? (
              <MenuSection key={each.label} aria-label={each.label}>
                <Header className="px-2.5 pt-3 pb-1 font-medium text-ink-faint text-small">
                  {each.label}
                </Header>
                {each.choices.map(item)}
              </MenuSection>
            ) : (
              item(each)
            ),
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

function item<T extends string>({ id, label }: Choice<T>) {
  return (
    <MenuItem key={id} id={id} textValue={label} className={menuItem}>
      {({ isSelected }) => (
        <>
          <Check aria-hidden size={16} className={cx(!isSelected && "invisible")} />
          {label}
        </>
      )}
    </MenuItem>
  );
}

/** A filter that is set in a small form of its own. */
export function FilterPopover({
  label,
  value,
  children,
}: {
  label: string;
  /** What it filters now, in words. */
  value: string | undefined;
  children: ReactNode;
}) {
  return (
    <DialogTrigger>
      <AriaButton className={chip(value !== undefined)}>
        {value === undefined ? label : m.filter_set({ label, value })}
        <ChevronDown aria-hidden size={14} />
      </AriaButton>
      <Popover offset={4} className={menuPopover}>
        <AriaDialog aria-label={label} className="grid gap-3 p-3 outline-none">
          {children}
        </AriaDialog>
      </Popover>
    </DialogTrigger>
  );
}

/** A filter that was set elsewhere, such as on the page of an account: it can only be taken off here. */
export function FilterTag({
  label,
  value,
  onRemove,
}: {
  label: string;
  value: string;
  onRemove: () => void;
}) {
  return (
    <span className={chip(true)}>
      <span className="max-w-56 truncate">{m.filter_set({ label, value })}</span>
      <AriaButton
        aria-label={m.filter_remove({ label })}
        onPress={onRemove}
        className="-me-1.5 grid size-6 place-items-center rounded-pill data-hovered:bg-hover"
      >
        <X aria-hidden size={14} />
      </AriaButton>
    </span>
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
    <div className="flex min-h-control shrink-0 flex-wrap items-center gap-2">
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
