import { useEffect, useEffectEvent } from "react";

const mac = /Mac/.test(globalThis.navigator?.platform ?? "");

/** The acts that have keys of their own, and which keys. "mod" is Ctrl, on a Mac Command. */
const keysOf = {
  search: "mod+f",
  create: "mod+n",
  lock: "mod+l",
  settings: "mod+,",
  help: "?",
} as const;

export type Shortcut = keyof typeof keysOf;

export const shortcuts = Object.keys(keysOf) as Shortcut[];

/** The keys as printed on them: "Ctrl+L". */
export function keysInWords(shortcut: Shortcut): string {
  return keysOf[shortcut]
    .split("+")
    .map((key) => (key === "mod" ? (mac ? "⌘" : "Ctrl") : key.toUpperCase()))
    .join("+");
}

let singleKeys = true;

/** Switches keys without Ctrl on or off: whoever dictates, or rests a hand on the keys, wants none (WCAG 2.1.4). */
export function allowSingleKeys(allowed: boolean): void {
  singleKeys = allowed;
}

/** Does something when its keys are pressed, for as long as the component is shown. Undefined: nothing. */
export function useShortcut(shortcut: Shortcut, act: (() => void) | undefined): void {
  const onPress = useEffectEvent((event: KeyboardEvent) => {
    if (!act || !pressed(event, keysOf[shortcut])) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onPress(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}

function pressed(event: KeyboardEvent, keys: string): boolean {
  const withMod = keys.startsWith("mod+");
  const mod = mac ? event.metaKey : event.ctrlKey;
  if (mod !== withMod || event.altKey || event.key.toLowerCase() !== keys.replace("mod+", "")) return false;
  // A single key is a letter of the text while somebody writes.
  return (
    withMod ||
    (singleKeys && !(event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement))
  );
}
