import { KeyRound } from "lucide-react";
import { useState } from "react";
import type { KeyTrouble } from "../api/bindings";
import { call } from "../api/client";
import { sentenceOf } from "../api/errors";
import { Banner } from "../components/Banner";
import { Button } from "../components/Button";
import { timeOfDayInWords } from "../components/DateTime";
import { say } from "../components/toasts";
import * as m from "../paraglide/messages.js";
import { keyTroubleInWords } from "../screens/entry/keyTrouble";
import { useSession } from "./Session";
import { useAct } from "./useAct";

/** The keychain did not take the key: stands over every screen until it has. */
export function KeyNotKept() {
  const { status } = useSession();
  return status?.key_not_kept ? <Reminder why={status.key_not_kept} /> : null;
}

function Reminder({ why }: { why: KeyTrouble }) {
  const { status, move } = useSession();
  const [triedAt, setTriedAt] = useState<Date>();
  const keep = useAct(() => call("keepKey"));
  const { happened, next } = keyTroubleInWords(why);
  const press = async () => {
    const outcome = await keep.run();
    setTriedAt(new Date());
    if (!outcome?.ok) return;
    move(outcome.value);
    if (outcome.value.key_not_kept === null) say(m.key_kept());
  };
  // Half signed in, or locked, nothing is done but to go on with that.
  const closed = status?.phase.kind === "locked" || status?.phase.kind === "second_factor";
  // The key by which a service knows this computer is tried again at the next sign-in.
  const afar = status?.place.kind === "service";
  return (
    <section aria-label={m.key_not_kept_label()} className="shrink-0 px-4 py-2">
      <Banner
        tone="warn"
        icon={KeyRound}
        action={
          !closed &&
          !afar && (
            <Button pending={keep.pending} onPress={() => void press()}>
              {m.error_retry()}
            </Button>
          )
        }
      >
        <p className="font-medium">{afar ? m.device_key_not_kept() : m.key_not_kept()}</p>
        <p>{`${happened}. ${next}`}</p>
        <p role="status">
          {keep.error
            ? sentenceOf(keep.error)
            : triedAt && m.key_not_kept_again({ time: timeOfDayInWords(triedAt) })}
        </p>
      </Banner>
    </section>
  );
}
