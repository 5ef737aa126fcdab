import type { IpcError } from "../../api/bindings";
import { troubleOf } from "../../api/errors";
import { ErrorState } from "../../components/states";

/** There is a store that cannot be opened, or the program below does not answer. */
export function Unusable({ error, onRetry }: { error: IpcError; onRetry: () => void }) {
  return (
    <main data-screen="unusable" className="grid min-h-full place-items-center">
      <ErrorState trouble={troubleOf(error)} onRetry={onRetry} />
    </main>
  );
}
