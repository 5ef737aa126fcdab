import type { IpcError } from "../../api/bindings";
import { troubleOf } from "../../api/errors";
import { Button } from "../../components/Button";
import { ErrorState } from "../../components/states";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useAskAgain } from "../../session/useAskAgain";

/** There is a store that cannot be opened, a service that cannot be asked, or the program below does not answer. */
export function Unusable({ error, onRetry }: { error: IpcError; onRetry: () => void }) {
  const { status, goAside } = useSession();
  const address = status?.place.kind === "service" ? status.place.address : undefined;
  useAskAgain(error);
  const certificate = error.code === "certificate_unknown" || error.code === "certificate_changed";
  const trouble = troubleOf(error);
  const empty = address !== undefined && error.code === "not_set_up";
  return (
    <main data-screen="unusable" className="grid min-h-full place-items-center">
      <ErrorState
        trouble={
          empty ? { ...trouble, title: m.unusable_not_set_up(), next: m.unusable_not_set_up_next() } : trouble
        }
        onRetry={onRetry}
        more={
          certificate &&
          address !== undefined && (
            <Button onPress={() => goAside({ to: "connect", address })}>{m.certificate_look()}</Button>
          )
        }
      />
    </main>
  );
}
