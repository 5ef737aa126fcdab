import { CircleCheck, CircleX, type LucideIcon, OctagonMinus } from "lucide-react";
import type { Outcome } from "../../api/bindings";
import { cx } from "../../design/cx";
import * as m from "../../paraglide/messages.js";

const outcomes: Record<Outcome, { words: () => string; icon: LucideIcon; ink: string }> = {
  done: { words: m.outcome_done, icon: CircleCheck, ink: "text-good-ink" },
  failed: { words: m.outcome_failed, icon: CircleX, ink: "text-danger-ink" },
  refused: { words: m.outcome_refused, icon: OctagonMinus, ink: "text-warn-ink" },
};

export const everyOutcome = Object.keys(outcomes) as Outcome[];

export function outcomeInWords(outcome: Outcome): string {
  return outcomes[outcome].words();
}

/** How it ended, as icon and word; "brief" keeps the word for who cannot see the icon. */
export function OutcomeMark({ outcome, brief }: { outcome: Outcome; brief?: boolean }) {
  const { words, icon: Icon, ink } = outcomes[outcome];
  return (
    <span className="inline-flex shrink-0 items-center gap-1.5">
      <Icon aria-hidden size={15} className={cx("shrink-0", ink)} />
      <span className={brief ? "sr-only" : undefined}>{words()}</span>
    </span>
  );
}
