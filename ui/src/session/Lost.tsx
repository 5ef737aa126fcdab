import { Unplug } from "lucide-react";
import { useState } from "react";
import type { IpcError } from "../api/bindings";
import { sentenceOf, wordsOf } from "../api/errors";
import { Banner } from "../components/Banner";
import { Button } from "../components/Button";
import { timeOfDayInWords } from "../components/DateTime";
import * as m from "../paraglide/messages.js";
import { useSession } from "./Session";
import { useAskAgain } from "./useAskAgain";

/** The service cannot be asked for a while: stands over the console until it can. */
export function Lost() {
  const { status } = useSession();
  return status?.lost ? <Banners lost={status.lost} /> : null;
}

function Banners({ lost }: { lost: IpcError }) {
  const { ask } = useSession();
  const [since] = useState(() => new Date());
  const wait = useAskAgain(lost);
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
