import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { Skeleton } from "../components/states";
import * as m from "../paraglide/messages.js";
import { createConsoleRouter } from "../router";
import { Closed } from "../screens/entry/Closed";
import { FirstStart } from "../screens/entry/FirstStart";
import { KeyNeeded } from "../screens/entry/KeyNeeded";
import { LockedGate } from "../screens/entry/LockedGate";
import { SecondFactorAsked } from "../screens/entry/SecondFactorAsked";
import { Unusable } from "../screens/entry/Unusable";
import { Inside } from "./Inside";
import { KeyNotKept } from "./KeyNotKept";
import { useSession } from "./Session";
import { useFirstScreen } from "./useFirstScreen";

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
        <Now />
      </div>
    </div>
  );
}

function Now() {
  const { status, trouble, ask } = useSession();
  const router = useRouterOf(status?.phase.kind === "closed");
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
      return <Inside key={phase.me.account.id} me={phase.me} router={router} />;
  }
}

/** One way through the console for one person: it outlives the lock and ends with the session. */
function useRouterOf(closed: boolean) {
  const [router, setRouter] = useState(createConsoleRouter);
  const [wasClosed, setWasClosed] = useState(closed);
  if (closed !== wasClosed) {
    setWasClosed(closed);
    if (closed) setRouter(createConsoleRouter());
  }
  return router;
}
