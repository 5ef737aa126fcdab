import { useState } from "react";
import type { KeyTrouble } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { timeOfDayInWords } from "../../components/DateTime";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";

/** Looks for the key in the keychain once more; says when it did where that changed nothing. */
export function useLookAgain(why: KeyTrouble): {
  look: () => void;
  pending: boolean;
  said: string | undefined;
} {
  const { move } = useSession();
  const [lookedAt, setLookedAt] = useState<Date>();
  const retry = useAct(() => call("retryKeychain"));
  return {
    pending: retry.pending,
    said: lookedAt && m.key_looked({ time: timeOfDayInWords(lookedAt) }),
    look: async () => {
      const outcome = await retry.run();
      if (!outcome) return;
      if (!outcome.ok) {
        say(sentenceOf(outcome.error), { tone: "danger" });
        return;
      }
      const { phase } = outcome.value;
      const same = phase.kind === "key_needed" && phase.why === why;
      setLookedAt(same ? new Date() : undefined);
      move(outcome.value);
    },
  };
}
