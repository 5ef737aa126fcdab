import { FlaskConical } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import type { Phase } from "../api/bindings";
import { placeInWords, presentName, securityInWords } from "../api/places";
import { Skeleton } from "../components/states";
import * as m from "../paraglide/messages.js";
import { Closed } from "../screens/entry/Closed";
import { LockedGate } from "../screens/entry/LockedGate";
import { Gated } from "./Gated";
import type { Way } from "./Inside";
import { KeyNotKept } from "./KeyNotKept";
import { Lost } from "./Lost";
import { placeKey, useSession } from "./Session";
import { Slow } from "./Slow";
import { useFirstScreen } from "./useFirstScreen";

// Most starts need only the sign-in; the others are fetched when it is their turn. What covers the console at once
// when it locks or ends is never waited for.
const FirstStart = lazy(async () => ({ default: (await import("../screens/entry/FirstStart")).FirstStart }));
const KeyNeeded = lazy(async () => ({ default: (await import("../screens/entry/KeyNeeded")).KeyNeeded }));
const SecondFactorAsked = lazy(async () => ({
  default: (await import("../screens/entry/SecondFactorAsked")).SecondFactorAsked,
}));
const Unusable = lazy(async () => ({ default: (await import("../screens/entry/Unusable")).Unusable }));
const Elsewhere = lazy(async () => ({
  default: (await import("../screens/connections/Elsewhere")).Elsewhere,
}));
const Inside = lazy(async () => ({ default: (await import("./Inside")).Inside }));

/** The one screen that belongs to where the console stands. */
export function Phases() {
  const { status, trouble } = useSession();
  useFirstScreen(status !== undefined || trouble !== undefined);
  useWindowTitle();

  return (
    <div className="flex h-full flex-col">
      {status?.place.kind === "demo" && (
        <aside
          aria-label={m.shell_demo_label()}
          className="flex shrink-0 items-center justify-center gap-2 bg-warn-wash px-4 py-1 text-small text-warn-ink"
        >
          <FlaskConical aria-hidden size={15} />
          {m.shell_demo()}
        </aside>
      )}
      <KeyNotKept />
      <Lost />
      {/* Relative, so that what is hidden from sight stays inside what scrolls. */}
      <div className="relative min-h-0 grow overflow-y-auto">
        <Suspense fallback={null}>
          <Now />
        </Suspense>
      </div>
      <Slow />
    </div>
  );
}

/** What the desktop shows of the window: whose shop it is, where, and how the way there is kept from others. */
function useWindowTitle() {
  const { status } = useSession();
  const parts = status?.shop
    ? [presentName(status), placeInWords(status.place), securityInWords(status.place)]
    : [];
  const title = [...parts.filter((part) => part !== undefined), "Keyholder"].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}

function Now() {
  const { status, trouble, ask, aside, hiding } = useSession();
  const way = useWayOf(status?.phase.kind === "closed");
  if (!status || hiding) {
    return trouble ? (
      <Unusable error={trouble} onRetry={ask} />
    ) : (
      <div role="status" aria-label={m.loading()} className="grid h-full place-items-center">
        <Skeleton className="h-96 w-full max-w-md" />
      </div>
    );
  }
  if (aside) {
    return (
      <Gated>
        <Elsewhere aside={aside} />
      </Gated>
    );
  }
  const { phase } = status;
  if (phase.kind === "set_up" || phase.kind === "open") {
    return <Inside key={`${placeKey(status.place)} ${phase.me.account.id}`} me={phase.me} way={way} />;
  }
  return (
    <Gated key={placeKey(status.place)}>
      <Before phase={phase} />
    </Gated>
  );
}

/** The console is not open. */
function Before({ phase }: { phase: Exclude<Phase, { kind: "set_up" | "open" }> }) {
  const { ask } = useSession();
  switch (phase.kind) {
    case "no_store":
      return <FirstStart />;
    case "key_needed":
      return <KeyNeeded why={phase.why} store={phase.store} />;
    case "unusable":
      return <Unusable error={phase.error} onRetry={ask} />;
    case "closed":
      return <Closed ended={phase.ended} />;
    case "second_factor":
      return <SecondFactorAsked />;
    case "locked":
      return <LockedGate email={phase.email} name={phase.name} />;
  }
}

/** One way through the console for one person: it outlives the lock and ends with the session. */
function useWayOf(closed: boolean) {
  const [way, setWay] = useState<Way>({});
  const [wasClosed, setWasClosed] = useState(closed);
  if (closed !== wasClosed) {
    setWasClosed(closed);
    if (closed) setWay({});
  }
  return way;
}
