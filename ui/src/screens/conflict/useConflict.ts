import { useState } from "react";
import { type Choices, decided, firstChoices, type Line, linesOf, resolved, type Side } from "./threeWay";

type Fields = Readonly<Record<string, string>>;

export type Conflict<T, F extends Fields> = {
  /** What is there now, with its revision. */
  now: T;
  lines: readonly Line[];
  choices: Choices;
  choose: (field: string, side: Side) => void;
  /** What shall hold, once every line is decided. */
  outcome: F | undefined;
};

/** A save that somebody else was quicker than, until it is decided what shall hold. */
export function useConflict<T, F extends Fields>(): {
  conflict: Conflict<T, F> | undefined;
  begin: (now: T, base: F, theirs: F, mine: F) => void;
  end: () => void;
} {
  const [state, setState] = useState<{ now: T; theirs: F; mine: F; lines: Line[]; choices: Choices }>();
  return {
    conflict: state && {
      now: state.now,
      lines: state.lines,
      choices: state.choices,
      choose: (field, side) => setState({ ...state, choices: { ...state.choices, [field]: side } }),
      outcome: decided(state.lines, state.choices)
        ? resolved(state.theirs, state.mine, state.choices)
        : undefined,
    },
    begin: (now, base, theirs, mine) => {
      const lines = linesOf(base, theirs, mine);
      setState({ now, theirs, mine, lines, choices: firstChoices(lines) });
    },
    end: () => setState(undefined),
  };
}
