import { CircleCheck, CircleX, Clock, Info, type LucideIcon, MonitorX } from "lucide-react";
import type { AccountPage, GateState } from "../../api/bindings";
import { Badge, type Tone } from "../../components/Badge";
import { Notice } from "../../components/Notice";
import { Panel } from "../../components/Panel";
import { cx } from "../../design/cx";
import * as m from "../../paraglide/messages.js";
import { nameOf } from "../audit/plain";
import { gateInWords } from "./gateWords";
import { effectOf, type Verdict, verdictOf } from "./verdict";

const looks: Record<
  Verdict["can"],
  { tone: Tone; icon: LucideIcon; title: (who: { name: string }) => string }
> = {
  yes: { tone: "good", icon: CircleCheck, title: m.verdict_yes },
  asked: { tone: "accent", icon: Info, title: m.verdict_yes_asked },
  partly: { tone: "warn", icon: MonitorX, title: m.verdict_partly },
  no: { tone: "danger", icon: CircleX, title: m.verdict_no },
};

/** Can they sign in now, and if not, which gate is shut and when it opens. */
export function Gates({ page }: { page: AccountPage }) {
  const verdict = verdictOf(page);
  const { tone, icon, title } = looks[verdict.can];
  const name = nameOf(page.account);
  return (
    <Panel title={m.account_can_title()}>
      <Notice tone={tone} icon={icon} title={title({ name })}>
        {verdict.can !== "yes" && verdict.gates.map((gate) => <p key={keyOf(gate)}>{lineOf(gate, page)}</p>)}
      </Notice>
      <ul className="grid gap-x-8 gap-y-1 md:grid-cols-2">
        {page.gates.map((gate) => (
          <Gate key={keyOf(gate)} gate={gate} page={page} />
        ))}
      </ul>
    </Panel>
  );
}

function keyOf({ gate }: GateState): string {
  return gate.kind === "tries" ? `${gate.factor} ${JSON.stringify(gate.scope)}` : gate.kind;
}

function lineOf(gate: GateState, page: AccountPage): string {
  const { title, detail } = gateInWords(gate, page);
  return detail ? `${title}. ${detail}` : title;
}

const signs = {
  open: { icon: CircleCheck, ink: "text-good-ink", words: m.gate_open },
  asks: { icon: Info, ink: "text-accent-ink", words: m.gate_asks },
  shut: { icon: CircleX, ink: "text-danger-ink", words: m.gate_shut },
  aside: { icon: Clock, ink: "text-ink-faint", words: m.gate_shut },
};

function Gate({ gate, page }: { gate: GateState; page: AccountPage }) {
  const effect = effectOf(gate, page);
  const { icon: Icon, ink, words } = signs[effect];
  const { title, detail } = gateInWords(gate, page);
  return (
    <li className="flex items-start gap-2.5 py-1">
      <Icon aria-hidden size={17} className={cx("mt-0.5 shrink-0", ink)} />
      <div className="min-w-0 grow">
        <p>{title}</p>
        {detail && effect === "open" && <p className="text-ink-soft text-small">{detail}</p>}
      </div>
      {effect === "open" ? (
        <span className="sr-only">{words()}</span>
      ) : (
        <Badge tone={effect === "shut" ? "danger" : effect === "asks" ? "accent" : "neutral"}>
          {words()}
        </Badge>
      )}
    </li>
  );
}
