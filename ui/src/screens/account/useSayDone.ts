import type { Account } from "../../api/bindings";
import { call, type Outcome } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { nameOf } from "../audit/plain";
import { useChanged } from "./useChanged";

/** The act that brings back what was before another, and what is said once it has. */
export type TakeBack = { run: (id: string) => Promise<Outcome<unknown>>; said: () => string };

/** Says what was done to an account, with the way back if there is one. The way back leads from exactly there: if
 *  anything else was done to the account since, nothing is undone. */
export function useSayDone(): (words: string, after: Account, back?: TakeBack) => void {
  const changed = useChanged();

  const takeBack = async (after: Account, { run, said }: TakeBack) => {
    const { id, revision } = after;
    const now = await call("account", id);
    const untouched = now.ok && now.value?.account.revision === revision;
    const outcome = untouched ? await run(id) : now;
    await changed();
    if (!outcome.ok) say(sentenceOf(outcome.error), { tone: "danger" });
    else if (untouched) say(said(), { about: id });
    else say(m.undo_stale({ name: nameOf(after) }), { tone: "neutral" });
  };

  return (words, after, back) =>
    say(words, { about: after.id, ...(back && { undo: () => void takeBack(after, back) }) });
}
