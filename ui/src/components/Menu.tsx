import type { LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator, Text } from "react-aria-components";
import { cx } from "../design/cx";

export type MenuEntry =
  | {
      id: string;
      label: string;
      /** What it is about, under the label. */
      description?: string | undefined;
      icon?: LucideIcon;
      danger?: boolean;
      /** Why it cannot be chosen now; shown under the label. */
      disabledReason?: string | undefined;
      onAction: () => void;
    }
  | "line";

export const menuPopover =
  "max-w-80 animate-appear overflow-auto rounded-card border border-line bg-raised p-1 shadow-raised";

export const menuItem = cx(
  "ring-inside flex min-h-8 items-center gap-2.5 rounded-control px-2.5 py-1.5 text-body text-ink",
  "data-focused:bg-hover data-pressed:bg-pressed data-disabled:text-ink-faint",
);

/** Acts behind one button. An act that cannot be taken stays in place and says why. */
export function Menu({
  label,
  trigger,
  entries,
}: {
  label: string;
  trigger: ReactElement;
  entries: MenuEntry[];
}) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover offset={4} className={menuPopover}>
        <AriaMenu aria-label={label} className="outline-none">
          {entries.map((entry, at) =>
            entry === "line" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its place
              <Separator key={at} className="my-1 h-px bg-line" />
            ) : (
              <MenuItem
                key={entry.id}
                id={entry.id}
                textValue={entry.label}
                isDisabled={entry.disabledReason !== undefined}
                onAction={entry.onAction}
                className={cx(menuItem, entry.danger && "text-danger-ink")}
              >
                {entry.icon && <entry.icon aria-hidden size={16} className="shrink-0 self-start mt-1" />}
                <span className="min-w-0 wrap-anywhere">
                  <Text slot="label" className="block">
                    {entry.label}
                  </Text>
                  {(entry.disabledReason ?? entry.description) !== undefined && (
                    <Text slot="description" className="block text-ink-faint text-small">
                      {entry.disabledReason ?? entry.description}
                    </Text>
                  )}
                </span>
              </MenuItem>
            ),
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
