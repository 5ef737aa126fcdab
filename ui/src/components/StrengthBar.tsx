import { Meter } from "react-aria-components";
import { cx } from "../design/cx";
import * as m from "../paraglide/messages.js";

/** From 0, guessed at once, to 4, not to be guessed. */
export type Strength = 0 | 1 | 2 | 3 | 4;

const looks = [
  { words: m.strength_0, colour: "bg-danger-ink" },
  { words: m.strength_1, colour: "bg-danger-ink" },
  { words: m.strength_2, colour: "bg-warn-ink" },
  { words: m.strength_3, colour: "bg-good-ink" },
  { words: m.strength_4, colour: "bg-good-ink" },
];

/** How hard a password is to guess, in words and as a bar. Its place is kept while there is nothing to say. */
export function StrengthBar({ strength }: { strength: Strength | undefined }) {
  const look = strength === undefined ? undefined : looks[strength];
  return (
    <Meter
      aria-label={m.strength_label()}
      value={strength ?? 0}
      maxValue={4}
      valueLabel={look?.words() ?? m.strength_none()}
      className="flex items-center gap-3"
    >
      {({ valueText }) => (
        <>
          <span aria-hidden className="grid grow grid-cols-4 gap-1">
            {[1, 2, 3, 4].map((step) => (
              <span
                key={step}
                className={cx(
                  "h-1 rounded-pill transition-colors",
                  look && (strength ?? 0) >= step ? look.colour : "bg-pressed",
                )}
              />
            ))}
          </span>
          <span className="min-w-32 text-end text-ink-soft text-small">{valueText}</span>
        </>
      )}
    </Meter>
  );
}
