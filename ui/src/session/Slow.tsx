import { Hourglass } from "lucide-react";
import { call } from "../api/client";
import { useSlow } from "../api/waiting";
import { Button } from "../components/Button";
import * as m from "../paraglide/messages.js";
import { useSession } from "./Session";

/** A service that has not answered for a while: says so, and lets nobody wait who does not want to. */
export function Slow() {
  const { status, aside } = useSession();
  const slow = useSlow();
  const asked = status?.place.kind === "service" || aside?.to === "connect";
  // What is not known yet may be a service, or a keychain that asks for its password.
  const shown = slow && (status === undefined || (asked && status.lost === null));
  return (
    <div
      role="status"
      aria-label={m.slow_label()}
      // Over a dialog too: it may be what the dialog waits for.
      data-react-aria-top-layer="true"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-20 flex justify-center"
    >
      {shown && (
        <div className="pointer-events-auto flex animate-appear items-center gap-3 rounded-pill border border-line bg-raised py-1.5 ps-4 pe-1.5 shadow-raised">
          <Hourglass aria-hidden size={16} className="shrink-0 text-ink-soft" />
          <span>{asked ? m.slow() : m.slow_start()}</span>
          <Button kind="plain" onPress={() => void call("stopWaiting")}>
            {m.slow_stop()}
          </Button>
        </div>
      )}
    </div>
  );
}
