import { CircleHelp } from "lucide-react";
import { Banner } from "../components/Banner";
import { Button } from "../components/Button";
import * as m from "../paraglide/messages.js";
import { useSession } from "./Session";

/** Nobody knows whether the last act was done: it is not done again, and the screen shows what is there now. */
export function Unknown() {
  const { unknown, seeUnknown } = useSession();
  if (!unknown) return null;
  return (
    <div role="alert" className="shrink-0 px-7 pt-5">
      <Banner
        tone="danger"
        icon={CircleHelp}
        action={<Button onPress={seeUnknown}>{m.unknown_seen()}</Button>}
      >
        <p className="font-medium">{m.unknown_title()}.</p>
        <p>
          {m.unknown_reloaded()} <code className="font-mono text-small">{unknown.number}</code>
        </p>
      </Banner>
    </div>
  );
}
