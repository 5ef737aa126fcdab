import { useSyncExternalStore } from "react";

/** Something that happened, told in passing. */
export type Toast = {
  id: number;
  words: string;
  tone: "good" | "danger" | "neutral";
  at: Date;
  undo?: (() => void) | undefined;
  /** What it was done to, such as an account: only the last thing done to it can be undone. */
  about?: string | undefined;
  /** Whether it still stands on the screen; afterwards it is in the list only. */
  shown: boolean;
};

/** How long a toast stays, in milliseconds; the clock stands still on hover and focus. */
export const toastStays = 10_000;
const kept = 50;
/** How many stand at once: more would hide what one is doing. */
const together = 3;

let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function change(to: readonly Toast[]) {
  toasts = to.slice(0, kept);
  for (const listener of listeners) listener();
}

export type SayOptions = Partial<Pick<Toast, "tone" | "undo" | "about">>;

/** Says it to the person, newest first; the oldest makes room. */
export function say(words: string, { tone = "good", undo, about }: SayOptions = {}): void {
  const before = toasts.map((toast, at) => {
    if (at >= together - 1) return away(toast);
    return about !== undefined && toast.about === about ? { ...toast, undo: undefined } : toast;
  });
  change([{ id: next++, words, tone, at: new Date(), undo, about, shown: true }, ...before]);
}

/** Takes it off the screen; it stays in the list, but can no longer be undone there. */
export function dismiss(id: number): void {
  change(toasts.map((toast) => (toast.id === id ? away(toast) : toast)));
}

const away = (toast: Toast): Toast => ({ ...toast, shown: false, undo: undefined });

/** Forgets everything: nothing of one person is left for the next. */
export function forgetToasts(): void {
  change([]);
}

/** Every toast since the start, newest first. */
export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
