import { commands, type IpcError } from "./bindings";

type Commands = typeof commands;

/** The name of something the program below can be asked. */
export type Command = keyof Commands;

type Answer<C extends Command> = Awaited<ReturnType<Commands[C]>>;

/** What comes of a command that was done. A command that cannot be refused answers it bare. */
type Data<C extends Command> = [Extract<Answer<C>, { status: "ok" }>] extends [never]
  ? Answer<C>
  : Extract<Answer<C>, { status: "ok" }>["data"];

/** The answer: done, with what came of it, or not, with the reason. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: IpcError };

/** What is said when the border itself broke: an answer that is none of ours. */
const unreadable: IpcError = { code: "bad_request", number: "KH-1070", refusal: null, until: null };

/** Asks the program below; never throws. */
export async function call<C extends Command>(
  command: C,
  ...args: Parameters<Commands[C]>
): Promise<Outcome<Data<C>>> {
  const ask = commands[command] as (...args: Parameters<Commands[C]>) => ReturnType<Commands[C]>;
  try {
    const answer = await ask(...args);
    if (typeof answer !== "object" || !("status" in answer)) return { ok: true, value: answer as Data<C> };
    return answer.status === "ok"
      ? { ok: true, value: answer.data as Data<C> }
      : { ok: false, error: answer.error };
  } catch {
    return { ok: false, error: unreadable };
  }
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
