/** Which of two answers holds. */
export type Side = "theirs" | "mine";

/** One field that is not the same for everybody. */
export type Line = {
  field: string;
  /** What it was when somebody looked. */
  base: string;
  /** What it is now. */
  theirs: string;
  /** What they want. */
  mine: string;
};

/** What is decided, by field; a field that both changed is undecided at first. */
export type Choices = Readonly<Record<string, Side | undefined>>;

type Fields = Readonly<Record<string, string>>;

/** The fields on which what was looked at, what is there now and what is wanted do not agree. What both changed to
 *  the same is settled. */
export function linesOf(base: Fields, theirs: Fields, mine: Fields): Line[] {
  return Object.keys(base).flatMap((field) => {
    const line = {
      field,
      base: base[field] ?? "",
      theirs: theirs[field] ?? "",
      mine: mine[field] ?? "",
    };
    return line.theirs === line.mine ? [] : [line];
  });
}

/** Who changed a field alone is right about it at first. */
export function firstChoices(lines: readonly Line[]): Choices {
  const side = ({ base, theirs, mine }: Line) =>
    theirs === base ? "mine" : mine === base ? "theirs" : undefined;
  return Object.fromEntries(lines.map((line) => [line.field, side(line)]));
}

/** Whether every line is decided. */
export function decided(lines: readonly Line[], choices: Choices): boolean {
  return lines.every(({ field }) => choices[field] !== undefined);
}

/** What shall hold: as it is now, but for the fields for which one's own was chosen. */
export function resolved<F extends Fields>(theirs: F, mine: F, choices: Choices): F {
  const side = (field: string) => (choices[field] === "mine" ? mine[field] : theirs[field]);
  return Object.fromEntries(Object.keys(theirs).map((field) => [field, side(field)])) as F;
}
