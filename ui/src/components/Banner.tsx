import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../design/cx";
import { type Tone, tones } from "./Badge";

export type BannerProps = {
  tone: Tone;
  icon: LucideIcon;
  children: ReactNode;
  action?: ReactNode;
};

/** A line that stays: a reminder, a limit, the mark of the sample shop. */
export function Banner({ tone, icon: Icon, children, action }: BannerProps) {
  return (
    <div className={cx("flex min-h-11 items-center gap-3 rounded-control px-3.5 py-2", tones[tone])}>
      <Icon aria-hidden size={17} className="shrink-0" />
      <div className="min-w-0 grow text-ink wrap-anywhere">{children}</div>
      {action && <div className="shrink-0">{action}</div>}
    </div>
  );
}
