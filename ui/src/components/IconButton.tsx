import type { LucideIcon } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { cx } from "../design/cx";
import { Tooltip } from "./Tooltip";

export type IconButtonProps = {
  icon: LucideIcon;
  /** What it does: its name for a screen reader and its tooltip. */
  label: string;
  /** The keys that do the same, shown beside the label. */
  keys?: string;
  onPress?: () => void;
};

/** A button of 32 px with a picture only, for acts everybody knows: close, clear, lock. */
export function IconButton({ icon: Icon, label, keys, onPress }: IconButtonProps) {
  return (
    <Tooltip words={label} keys={keys}>
      <AriaButton
        aria-label={label}
        onPress={() => onPress?.()}
        className={cx(
          "inline-grid size-8 shrink-0 place-items-center rounded-control border border-transparent text-ink-soft",
          "transition-colors data-hovered:bg-hover data-hovered:text-ink data-pressed:bg-pressed",
        )}
      >
        <Icon aria-hidden size={17} />
      </AriaButton>
    </Tooltip>
  );
}
