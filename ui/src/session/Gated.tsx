import type { ReactNode } from "react";
import { PlaceMenu } from "./PlaceMenu";
import { useSession } from "./Session";

/** What stands around every view before the console: whose shop it is, and the way to others. A computer on which
 *  there is none yet has nothing to say there. */
export function Gated({ children }: { children: ReactNode }) {
  const { status } = useSession();
  const first = status?.phase.kind === "no_store" && status.connections.length === 0;
  if (!status || first) return children;
  return (
    <div className="grid min-h-full grid-rows-[auto_1fr]">
      <header className="flex h-13 min-w-0 items-center border-line border-b bg-surface px-4">
        <PlaceMenu />
      </header>
      {children}
    </div>
  );
}
