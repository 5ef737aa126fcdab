import { useEffect, useRef, useState } from "react";
import type { PasswordContext, StrengthShown } from "../api/bindings";
import { call } from "../api/client";
import { weaknessInWords } from "../api/errors";
import type { Strength } from "../components/StrengthBar";

/** Shortest password that stands alone, in code points (NIST SP 800-63B-4, 3.1.1.2): until the rules have said. */
const usualShortest = 15;

export type Judgement = {
  /** Undefined while nothing is typed. */
  strength: Strength | undefined;
  /** What speaks against it, in sentences; empty if it would be taken. */
  reasons: string[];
  /** Shortest password that is taken, in code points. */
  shortest: number;
  /** Judges what is typed now. */
  judge: (password: string, context?: Partial<PasswordContext>) => void;
};

/** How good a password would be, by the rules below, as one types. */
export function useStrength(context: PasswordContext): Judgement {
  const [shown, setShown] = useState<StrengthShown>();
  const [shortest, setShortest] = useState(usualShortest);
  const waiting = useRef<[password: string, context: PasswordContext]>(undefined);
  const asking = useRef(false);

  useEffect(() => {
    // The empty password is too short: the answer says by how much.
    void call("passwordStrength", "", { shop: "", name: "", email: "" }).then((answer) => {
      const short = answer.ok && answer.value.weaknesses.find(({ kind }) => kind === "tooShort");
      if (short && short.kind === "tooShort") setShortest(short.need);
    });
  }, []);

  const judge = async (password: string, more: Partial<PasswordContext> = {}) => {
    waiting.current = [password, { ...context, ...more }];
    if (asking.current) return;
    // One question at a time, and the next one about what is typed by then: fast typing piles nothing up.
    asking.current = true;
    while (waiting.current) {
      const [typed, known] = waiting.current;
      waiting.current = undefined;
      const answer = typed === "" ? undefined : await call("passwordStrength", typed, known);
      if (!waiting.current) setShown(answer?.ok ? answer.value : undefined);
    }
    asking.current = false;
  };
  return {
    strength: shown?.score as Strength | undefined,
    reasons: shown?.weaknesses.map(weaknessInWords) ?? [],
    shortest,
    judge,
  };
}
