import { useEffect, useRef } from "react";
import type { ShownKind } from "../api/bindings";
import { call } from "../api/client";
import { sentenceOf } from "../api/errors";
import { say } from "../components/toasts";
import * as m from "../paraglide/messages.js";

/** The ways to keep a secret that is on the screen. It is copied and saved below, never by the page; when the page
 *  that shows it goes, it is forgotten there too. */
export function useSheet(kind: ShownKind) {
  const shown = useRef<ShownKind>(undefined);
  useEffect(() => {
    shown.current = kind;
    return () => {
      shown.current = undefined;
      // While it is developed, React takes every effect back once and does it again: that page did not go.
      queueMicrotask(() => shown.current !== kind && void call("forgetShown", kind));
    };
  }, [kind]);
  return {
    onPrint: () => window.print(),
    onCopy: async () => {
      const answer = await call("copyShown", kind);
      if (answer.ok) say(m.sheet_copied({ count: answer.value.cleared_in_secs }));
      else say(sentenceOf(answer.error), { tone: "danger" });
    },
    onSave: async () => {
      const answer = await call("saveShown", kind);
      if (!answer.ok) say(sentenceOf(answer.error), { tone: "danger" });
      else if (answer.value) say(m.sheet_saved_to({ path: answer.value.path }));
    },
  };
}
