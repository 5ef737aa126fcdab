import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { fetchOf, Refused } from "./api/client";
import { troubleOf } from "./api/errors";
import { Skeleton, ViewState } from "./components/states";
import { ToastRegion } from "./components/ToastRegion";

const queries = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Console />
      <ToastRegion />
    </QueryClientProvider>
  );
}

function Console() {
  const { data, error, refetch } = useQuery({ queryKey: ["status"], queryFn: () => fetchOf("status") });
  return (
    <ViewState
      data={data}
      trouble={error instanceof Refused ? troubleOf(error.error) : undefined}
      onRetry={refetch}
      skeleton={<Skeleton className="m-6 h-10" />}
    >
      {({ shop }) => <h1>{shop}</h1>}
    </ViewState>
  );
}
