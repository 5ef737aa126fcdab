import { CircleAlert } from "lucide-react";
import { Radio, RadioGroup } from "react-aria-components";
import { Banner } from "../../components/Banner";
import { cx } from "../../design/cx";
import * as m from "../../paraglide/messages.js";
import { fieldInWords, valueInWords } from "../audit/fields";
import type { Choices, Line, Side } from "./threeWay";

export type ConflictTableProps = {
  /** Who was quicker, if that may be known. */
  who: string | undefined;
  lines: readonly Line[];
  choices: Choices;
  onChoose: (field: string, side: Side) => void;
};

/** Two people changed the same: what it was, what it is now and what is wanted, line by line, with the choice. */
export function ConflictTable({ who, lines, choices, onChoose }: ConflictTableProps) {
  return (
    <div className="grid gap-4">
      <div role="alert">
        <Banner tone="warn" icon={CircleAlert}>
          <p>
            {who === undefined ? m.conflict_by_somebody() : m.conflict_by({ who })}{" "}
            {lines.length === 0 ? m.conflict_other() : m.conflict_choose()}
          </p>
        </Banner>
      </div>
      {lines.map((line) => (
        <Choice key={line.field} line={line} side={choices[line.field]} onChoose={onChoose} />
      ))}
    </div>
  );
}

function Choice({
  line: { field, base, theirs, mine },
  side,
  onChoose,
}: {
  line: Line;
  side: Side | undefined;
  onChoose: ConflictTableProps["onChoose"];
}) {
  const name = fieldInWords(field);
  const said = (value: string) => valueInWords(field, value);
  return (
    <section aria-label={name} className="grid gap-2 rounded-card border border-line p-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 className="font-medium">{name}</h3>
        <p className="text-ink-soft text-small">
          {m.conflict_base()}: <span className="text-ink">{said(base)}</span>
        </p>
      </div>
      <RadioGroup
        aria-label={name}
        value={side ?? null}
        onChange={(chosen) => onChoose(field, chosen as Side)}
        className="grid gap-2 md:grid-cols-2"
      >
        <Answer side="theirs" label={m.conflict_theirs()} value={said(theirs)} />
        <Answer side="mine" label={m.conflict_mine()} value={said(mine)} />
      </RadioGroup>
    </section>
  );
}

function Answer({ side, label, value }: { side: Side; label: string; value: string }) {
  return (
    <Radio
      value={side}
      aria-label={`${label}: ${value}`}
      className={cx(
        "group flex min-w-0 items-start gap-2.5 rounded-control border border-line p-2.5 transition-colors",
        "data-hovered:bg-hover data-selected:border-accent data-selected:bg-accent-wash",
      )}
    >
      <span
        aria-hidden
        className="mt-1 grid size-4 shrink-0 place-items-center rounded-pill border border-edge group-data-selected:border-accent"
      >
        <span className="hidden size-2 rounded-pill bg-accent group-data-selected:block" />
      </span>
      <span className="min-w-0">
        <span className="block text-ink-soft text-small">{label}</span>
        <span className="block wrap-anywhere">{value}</span>
      </span>
    </Radio>
  );
}
