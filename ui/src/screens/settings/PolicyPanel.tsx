import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Shop } from "../../api/bindings";
import { fetchOf } from "../../api/client";
import { troubleIn } from "../../api/errors";
import { Skeleton, ViewState } from "../../components/states";
import { useDraft } from "../../session/useDraft";
import { type Draft, draftOf } from "./draft";
import { PolicyForm } from "./PolicyForm";

/** Changes with the settings they were begun from: whatever somebody else saves meanwhile, they stay what they are
 *  until they are saved, and are refused then. */
type Begun = { shop: Shop; draft: Draft };

/** The shop's name and rules. */
export function PolicyPanel() {
  const queries = useQueryClient();
  const [begun, setBegun] = useDraft<Begun>("policy");
  const shop = useQuery({ queryKey: ["shop"], queryFn: () => fetchOf("shop") });
  const bounds = useQuery({
    queryKey: ["policy-bounds"],
    queryFn: () => fetchOf("policyBounds"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const from = begun?.shop ?? shop.data;
  const data = from && bounds.data ? { shop: from, bounds: bounds.data } : undefined;
  return (
    <ViewState
      data={data}
      trouble={troubleIn(shop.error ?? bounds.error)}
      onRetry={() => void queries.invalidateQueries()}
      skeleton={
        <div className="grid gap-5">
          <Skeleton className="h-28" />
          <Skeleton className="h-64" />
          <Skeleton className="h-64" />
        </div>
      }
    >
      {({ shop, bounds }) => (
        <PolicyForm
          // What was refused of one revision is not said of the next.
          key={shop.revision}
          shop={shop}
          bounds={bounds}
          draft={begun?.draft ?? draftOf(shop, bounds)}
          onDraft={(draft) => setBegun(draft && { shop, draft })}
          onSaved={(saved) => {
            queries.setQueryData(["shop"], saved);
            setBegun(undefined);
          }}
        />
      )}
    </ViewState>
  );
}
