import { useQuery, useQueryClient } from "@tanstack/react-query";
import { fetchOf } from "../../api/client";
import { troubleIn } from "../../api/errors";
import { Skeleton, ViewState } from "../../components/states";
import { PolicyForm } from "./PolicyForm";

/** The shop's name and rules. */
export function PolicyPanel() {
  const queries = useQueryClient();
  const shop = useQuery({ queryKey: ["shop"], queryFn: () => fetchOf("shop") });
  const bounds = useQuery({
    queryKey: ["policy-bounds"],
    queryFn: () => fetchOf("policyBounds"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const data = shop.data && bounds.data ? { shop: shop.data, bounds: bounds.data } : undefined;
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
          // The form begins anew from each saved revision and is not touched by a look-up in between.
          key={shop.revision}
          shop={shop}
          bounds={bounds}
          onReload={() => void queries.invalidateQueries({ queryKey: ["shop"] })}
          onSaved={(saved) => queries.setQueryData(["shop"], saved)}
        />
      )}
    </ViewState>
  );
}
