import { FlaskConical } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Skeleton } from "../components/states";
import * as m from "../paraglide/messages.js";
import { Closed } from "../screens/entry/Closed";
import { LockedGate } from "../screens/entry/LockedGate";
import type { Way } from "./Inside";
import { KeyNotKept } from "./KeyNotKept";
import { useSession } from "./Session";
import { useFirstScreen } from "./useFirstScreen";

// Most starts need only the sign-in; the others are fetched when it is their turn. What covers the console at once
// when it locks or ends is never waited for.
const FirstStart = lazy(async () => ({ default: (await import("../screens/entry/FirstStart")).FirstStart }));
const KeyNeeded = lazy(async () => ({ default: (await import("../screens/entry/KeyNeeded")).KeyNeeded }));
const SecondFactorAsked = lazy(async () => ({
  default: (await import("../screens/entry/SecondFactorAsked")).SecondFactorAsked,
}));
const Unusable = lazy(async () => ({ default: (await import("../screens/entry/Unusable")).Unusable }));
const Inside = lazy(async () => ({ default: (await import("./Inside")).Inside }));

/** The one screen that belongs to where the console stands. */
export function Phases() {
  const { status, trouble } = useSession();
  useFirstScreen(status !== undefined || trouble !== undefined);

  return (
    <div className="flex h-full flex-col">
      {status?.demo && (
        <aside
          aria-label={m.shell_demo_label()}
          className="flex shrink-0 items-center justify-center gap-2 bg-warn-wash px-4 py-1 text-small text-warn-ink"
        >
          <FlaskConical aria-hidden size={15} />
          {m.shell_demo()}
        </aside>
      )}
      <KeyNotKept />
      {/* Relative, so that what is hidden from sight stays inside what scrolls. */}
      <div className="relative min-h-0 grow overflow-y-auto">
        <Suspense fallback={null}>
          <Now />
        </Suspense>
      </div>
    </div>
  );
}

function Now() {
  const { status, trouble, ask } = useSession();
  const way = useWayOf(status?.phase.kind === "closed");
  if (!status) {
    return trouble ? (
      <Unusable error={trouble} onRetry={ask} />
    ) : (
      <div role="status" aria-label={m.loading()} className="grid h-full place-items-center">
        <Skeleton className="h-96 w-full max-w-md" />
      </div>
    );
  }
  const { phase } = status;
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
    case "set_up":
    case "open":
      return <Inside key={phase.me.account.id} me={phase.me} way={way} />;
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
