import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../design/cx";
import { type Tone, tones } from "./Badge";

export type NoticeProps = {
  tone: Tone;
  icon: LucideIcon;
  title: string;
  children: ReactNode;
};

/** An answer of some length: what it is in one line, then what follows from it. */
export function Notice({ tone, icon: Icon, title, children }: NoticeProps) {
  return (
    <div className={cx("flex animate-appear gap-3 rounded-card p-5", tones[tone])}>
      <Icon aria-hidden size={20} className="mt-0.5 shrink-0" />
      <div className="grid min-w-0 gap-1.5 text-ink wrap-anywhere">
        <h2 className="font-bold text-lead tracking-tight">{title}</h2>
        {children}
      </div>
    </div>
  );
}
