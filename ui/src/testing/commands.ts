import { vi } from "vitest";
import { type Code, commands, type IpcError, type Refusal } from "../api/bindings";

type Commands = typeof commands;

/** A command that was done. */
export const done = <T>(data: T) => Promise.resolve({ status: "ok" as const, data });

/** A command that was refused, or is broken. */
export function refused(
  code: Code,
  refusal: Refusal | null = null,
): Promise<{ status: "error"; error: IpcError }> {
  return Promise.resolve({ status: "error", error: { code, number: "KH-1000", refusal, until: null } });
}

/** Puts answers in the place of the program below, until the end of the test. A command that no answer was given
 *  for answers as a broken border does. */
export function answering(answers: Partial<Commands>): void {
  for (const name of Object.keys(answers) as (keyof Commands)[]) {
    const answer = answers[name] as (...args: unknown[]) => unknown;
    vi.spyOn(commands as Record<string, (...args: unknown[]) => unknown>, name).mockImplementation(answer);
  }
}

/** What one of these was asked, in order: its arguments each time. */
export function askedFor(name: keyof Commands): unknown[][] {
  return vi.mocked(commands[name] as (...args: unknown[]) => unknown).mock.calls;
}
