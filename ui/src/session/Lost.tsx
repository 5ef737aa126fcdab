import { Unplug } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import type { IpcError } from "../api/bindings";
import { sentenceOf, wordsOf } from "../api/errors";
import { Banner } from "../components/Banner";
import { Button } from "../components/Button";
import { timeOfDayInWords } from "../components/DateTime";
import { useCountdown } from "../components/useCountdown";
import * as m from "../paraglide/messages.js";
import { useSession } from "./Session";

/** How often a service that was lost is asked whether it is there again, in milliseconds. */
const askEvery = 5_000;

/** The service cannot be asked for a while: stands over the console until it can. */
export function Lost() {
  const { status } = useSession();
  return status?.lost ? <Banners lost={status.lost} /> : null;
}

function Banners({ lost }: { lost: IpcError }) {
  const { ask } = useSession();
  const [since] = useState(() => new Date());
  const wait = useCountdown(lost.until);
  const waits = wait !== undefined;
  const again = useEffectEvent(ask);
  useEffect(() => {
    if (waits) return;
    const timer = setInterval(() => again(), askEvery);
    return () => clearInterval(timer);
  }, [waits]);
  return (
    <section aria-label={m.lost_label()} className="shrink-0 px-4 py-2">
      <Banner
        tone="warn"
        icon={Unplug}
        action={
          <Button disabledReason={wait && m.again_in({ when: wait })} onPress={ask}>
            {m.error_retry()}
          </Button>
        }
      >
        <p className="font-medium">{lost.until ? sentenceOf(lost) : `${wordsOf(lost.code).happened}.`}</p>
        <p>{m.lost_stays({ time: timeOfDayInWords(since) })}</p>
      </Banner>
    </section>
  );
}
