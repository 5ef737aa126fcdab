import { useSyncExternalStore } from "react";
import { allowSingleKeys } from "../components/shortcuts";
import { type Appearance, applyAppearance } from "./theme";

/** What a person likes on this computer. It is no secret and no rule, so it stays in the window's own storage. */
export type Preferences = Appearance & {
  /** Whether keys without Ctrl do something. */
  singleKeys: boolean;
};

const place = "keyholder.preferences";
const usual: Preferences = { theme: "system", contrast: "system", singleKeys: true };

let preferences = usual;
let unfollow = () => {};
const listeners = new Set<() => void>();

/** Shows the window as it was liked last time. */
export function restorePreferences(): void {
  prefer(read());
}

/** Changes what is liked, at once and for the next start. */
export function prefer(change: Partial<Preferences>): void {
  preferences = { ...preferences, ...change };
  unfollow();
  unfollow = applyAppearance(preferences);
  allowSingleKeys(preferences.singleKeys);
  localStorage.setItem(place, JSON.stringify(preferences));
  for (const listener of listeners) listener();
}

/** What is liked now. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => preferences,
  );
}

/** Whatever stands there that is none of ours is left aside. */
function read(): Preferences {
  let kept: unknown;
  try {
    kept = JSON.parse(localStorage.getItem(place) ?? "null");
  } catch {
    return usual;
  }
  if (typeof kept !== "object" || kept === null) return usual;
  const { theme, contrast, singleKeys } = kept as Record<string, unknown>;
  return {
    theme: theme === "light" || theme === "dark" ? theme : "system",
    contrast: contrast === "more" || contrast === "normal" ? contrast : "system",
    singleKeys: singleKeys !== false,
  };
}
