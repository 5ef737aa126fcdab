import { Hourglass } from "lucide-react";
import { call } from "../api/client";
import { useSlow } from "../api/waiting";
import { Button } from "../components/Button";
import * as m from "../paraglide/messages.js";
import { useSession } from "./Session";

/** A service that has not answered for a while: says so, and lets nobody wait who does not want to. */
export function Slow() {
  const { status } = useSession();
  const slow = useSlow();
  // Before anything is known of a service there may be one; a store on this computer cannot be hurried.
  const shown =
    slow && status?.lost == null && (status?.place.kind === "service" || status?.phase.kind !== "open");
  return (
    <div
      role="status"
      aria-label={m.slow_label()}
      className="pointer-events-none fixed inset-x-0 bottom-4 z-20 flex justify-center"
    >
      {shown && (
        <div className="pointer-events-auto flex animate-appear items-center gap-3 rounded-pill border border-line bg-raised py-1.5 ps-4 pe-1.5 shadow-raised">
          <Hourglass aria-hidden size={16} className="shrink-0 text-ink-soft" />
          <span>{m.slow()}</span>
          <Button kind="plain" onPress={() => void call("stopWaiting")}>
            {m.slow_stop()}
          </Button>
        </div>
      )}
    </div>
  );
}
