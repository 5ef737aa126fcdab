import { LoaderCircle, type LucideIcon } from "lucide-react";
import { type ReactNode, type Ref, useId } from "react";
import { Button as AriaButton } from "react-aria-components";
import { cx } from "../design/cx";
import * as m from "../paraglide/messages.js";
import { Tooltip } from "./Tooltip";

export type ButtonProps = {
  children: ReactNode;
  /** Its whole name, beginning with its words, where they alone do not say of which of many things. */
  label?: string;
  /** What pressing means: the one main act of a view, an act beside it, one in the background, one that hurts. */
  kind?: "primary" | "quiet" | "plain" | "danger";
  icon?: LucideIcon;
  /** Why it cannot be pressed now; shown on hover and focus and read out. */
  disabledReason?: string | undefined;
  /** Set while the act is under way: presses are ignored, the size stays. */
  pending?: boolean;
  type?: "button" | "submit";
  /** Takes the whole width of its container; in a list of acts its words begin at the start. */
  wide?: boolean | "start";
  autoFocus?: boolean;
  onPress?: () => void;
  ref?: Ref<HTMLButtonElement>;
};

const kinds = {
  primary:
    "border-transparent bg-accent text-on-accent shadow-card data-hovered:bg-accent-hover data-pressed:bg-accent-hover",
  quiet: "border-edge/60 bg-surface text-ink shadow-card data-hovered:bg-hover data-pressed:bg-pressed",
  plain: "border-transparent bg-transparent text-ink-soft data-hovered:bg-hover data-pressed:bg-pressed",
  danger:
    "border-transparent bg-danger text-on-accent shadow-card data-hovered:bg-danger-hover data-pressed:bg-danger-hover",
};

/** A button with words. */
export function Button({ kind = "quiet", icon: Icon, ...props }: ButtonProps) {
  const { children, label, disabledReason, pending = false, type = "button", wide, onPress, ...rest } = props;
  const reasonId = useId();
  const refused = disabledReason !== undefined;
  const button = (
    <AriaButton
      {...rest}
      {...(label === undefined ? {} : { "aria-label": label })}
      type={refused ? "button" : type}
      isPending={pending}
      {...(refused
        ? { "aria-disabled": true, "aria-describedby": reasonId }
        : { onPress: () => onPress?.() })}
      className={cx(
        "relative inline-flex h-control shrink-0 items-center justify-center gap-2 rounded-control border px-3.5",
        "font-medium text-body whitespace-nowrap transition-colors select-none",
        "aria-disabled:not-data-pending:opacity-55 aria-disabled:shadow-none",
        wide && "w-full",
        wide === "start" && "justify-start",
        kinds[kind],
      )}
    >
      <span className={cx("inline-flex items-center gap-2", pending && "opacity-0")}>
        {Icon && <Icon aria-hidden size={16} strokeWidth={2} />}
        {children}
      </span>
      {pending && (
        <span className="absolute inset-0 grid place-items-center">
          <LoaderCircle aria-label={m.button_pending()} role="img" className="animate-spin" size={16} />
        </span>
      )}
    </AriaButton>
  );
  if (!refused) return button;
  return (
    <>
      <Tooltip words={disabledReason}>{button}</Tooltip>
      <span id={reasonId} hidden>
        {disabledReason}
      </span>
    </>
  );
}
