import { useEffect, useState } from "react";
import { untilInWords } from "./DateTime";

/** "in 27 seconds", counted down; undefined once there is nothing to wait for. */
export function useCountdown(until: string | null | undefined): string | undefined {
  const [now, setNow] = useState(() => new Date());
  const waits = until != null && Date.parse(until) > now.getTime();
  useEffect(() => {
    // What was waited for before may have begun long ago.
    setNow(new Date());
    if (until == null) return;
    const timer = setInterval(() => {
      const at = new Date();
      setNow(at);
      if (at.getTime() >= Date.parse(until)) clearInterval(timer);
    }, 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return waits ? untilInWords(until, now) : undefined;
}
