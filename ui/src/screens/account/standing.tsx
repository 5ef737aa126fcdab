import {
  Ban,
  CircleCheck,
  Lock,
  type LucideIcon,
  ShieldCheck,
  ShieldOff,
  Ticket,
  Trash2,
} from "lucide-react";
import type { Standing } from "../../api/bindings";
import { Badge, type Tone } from "../../components/Badge";
import * as m from "../../paraglide/messages.js";

const standings: Record<Standing, { words: () => string; icon: LucideIcon; tone: Tone }> = {
  active: { words: m.standing_active, icon: CircleCheck, tone: "good" },
  invited: { words: m.standing_invited, icon: Ticket, tone: "accent" },
  locked: { words: m.standing_locked, icon: Lock, tone: "warn" },
  disabled: { words: m.standing_disabled, icon: Ban, tone: "danger" },
  deleted: { words: m.standing_deleted, icon: Trash2, tone: "neutral" },
};

/** "Locked". */
export function standingInWords(standing: Standing): string {
  return standings[standing].words();
}

/** How an account stands, as icon and word. */
export function StandingBadge({ standing }: { standing: Standing }) {
  const { words, icon, tone } = standings[standing];
  return (
    <Badge tone={tone} icon={icon}>
      {words()}
    </Badge>
  );
}

/** Whether a second factor is asked, as icon and word. */
export function SecondFactorMark({ on }: { on: boolean }) {
  const Icon = on ? ShieldCheck : ShieldOff;
  return (
    <span
      className={on ? "inline-flex items-center gap-1.5" : "inline-flex items-center gap-1.5 text-ink-faint"}
    >
      <Icon aria-hidden size={15} className={on ? "text-good-ink" : undefined} />
      {on ? m.second_factor_on() : m.second_factor_off()}
    </span>
  );
}
