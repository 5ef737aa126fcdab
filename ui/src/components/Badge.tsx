import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../design/cx";

export type Tone = "neutral" | "accent" | "good" | "warn" | "danger";

/** Ground and ink of each tone; never the only sign, a word or an icon stands with it. */
export const tones: Record<Tone, string> = {
  neutral: "bg-hover text-ink-soft",
  accent: "bg-accent-wash text-accent-ink",
  good: "bg-good-wash text-good-ink",
  warn: "bg-warn-wash text-warn-ink",
  danger: "bg-danger-wash text-danger-ink",
};

/** A standing in one or two words, with its icon. */
export function Badge({
  tone = "neutral",
  icon: Icon,
  children,
}: {
  tone?: Tone;
  icon?: LucideIcon;
  children: ReactNode;
}) {
  return (
    <span
      className={cx(
        "inline-flex h-5.5 items-center gap-1 rounded-pill px-2 font-medium text-tiny whitespace-nowrap",
        tones[tone],
      )}
    >
      {Icon && <Icon aria-hidden size={12} strokeWidth={2.4} />}
      {children}
    </span>
  );
}
