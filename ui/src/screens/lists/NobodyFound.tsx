import { SearchX } from "lucide-react";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/states";
import * as m from "../../paraglide/messages.js";

/** No account matches the filters. */
export function NobodyFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon={SearchX}
      title={m.accounts_none_found_title()}
      action={<Button onPress={onClear}>{m.filter_clear()}</Button>}
    >
      {m.accounts_none_found()}
    </EmptyState>
  );
}
