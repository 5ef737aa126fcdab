import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import type { Status } from "./api/bindings";
import type { Outcome } from "./api/client";
import { ToastRegion } from "./components/ToastRegion";
import { Phases } from "./session/Phases";
import { SessionProvider } from "./session/Session";

export type AppProps = {
  /** Where the console stands, if that was asked before this was there. */
  standing?: Outcome<Status>;
};

export function App({ standing }: AppProps) {
  const [queries] = useState(
    () =>
      new QueryClient({
        // The program below is on this machine: whatever it says at once, it would say again.
        defaultOptions: { queries: { retry: false, networkMode: "always", refetchOnWindowFocus: false } },
      }),
  );
  return (
    <QueryClientProvider client={queries}>
      <SessionProvider standing={standing}>
        <Phases />
      </SessionProvider>
      <ToastRegion />
    </QueryClientProvider>
  );
}
