import { type Code, commands, type IpcError } from "./bindings";
import { begun } from "./waiting";

type Commands = typeof commands;

/** The name of something the program below can be asked. */
export type Command = keyof Commands;

type Answer<C extends Command> = Awaited<ReturnType<Commands[C]>>;
type Done<C extends Command> = Extract<Answer<C>, { status: "ok" }>;
type Data<C extends Command> = [Done<C>] extends [never] ? Answer<C> : Done<C>["data"];

/** The answer: done, with what came of it, or not, with the reason. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: IpcError };

/** What is said when the border itself broke: an answer that is none of ours. */
const unreadable: IpcError = { code: "bad_request", number: "KH-1070", refusal: null, until: null };

/** Asks the program below; never throws. */
export async function call<C extends Command>(
  command: C,
  ...args: Parameters<Commands[C]>
): Promise<Outcome<Data<C>>> {
  const ask = commands[command] as (...args: Parameters<Commands[C]>) => Promise<unknown>;
  const ended = quiet.includes(command) ? () => {} : begun();
  const outcome = await ask(...args).then(outcomeOf, () => ({ ok: false as const, error: unreadable }));
  ended();
  if (!outcome.ok && moving.includes(outcome.error.code)) {
    for (const listener of listeners) listener(outcome.error, command);
  }
  return outcome as Outcome<Data<C>>;
}

/** A command that cannot be refused answers with its value alone. */
function outcomeOf(answer: unknown): Outcome<unknown> {
  if (typeof answer !== "object" || answer === null || !("status" in answer)) {
    return { ok: true, value: answer };
  }
  const { status, data, error } = answer as { status: string; data: unknown; error: IpcError };
  return status === "ok" ? { ok: true, value: data } : { ok: false, error };
}

/** Asks for a query of TanStack Query, which tells failures by throwing. */
export async function fetchOf<C extends Command>(
  command: C,
  ...args: Parameters<Commands[C]>
): Promise<Data<C>> {
  const answer = await call(command, ...args);
  if (!answer.ok) throw new Refused(answer.error);
  return answer.value;
}

/** An error that carries the program's own. */
export class Refused extends Error {
  constructor(readonly error: IpcError) {
    super(error.code);
  }
}

/** What nobody waits for, or waits for a person. */
const quiet: readonly Command[] = [
  "touch",
  "reached",
  "forgetShown",
  "saveShown",
  "openStore",
  "stopWaiting",
];

/** Codes that mean: the console stands elsewhere than the window believes, or nobody knows where. */
const moving: readonly Code[] = [
  "session_locked",
  "session_ended",
  "second_factor_needed",
  "set_up_needed",
  "unreachable",
  "no_answer",
  "outcome_unknown",
];
const listeners = new Set<Listener>();
type Listener = (error: IpcError, command: Command) => void;

/** What may as well be done twice: nobody has to look whether it was. */
const harmless: readonly Command[] = ["touch", "lock", "signOut", "verifyTrail", "checkBreach"];

/** Whether nobody knows that something was done which must not be done twice. */
export function isUnknown({ code }: IpcError, command: Command): boolean {
  return code === "outcome_unknown" && !harmless.includes(command);
}

/** Tells whenever an answer shows that the session was locked, ended or is not finished, or that the line to the
 *  service was lost; returns how to stop. */
export function onMoved(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
