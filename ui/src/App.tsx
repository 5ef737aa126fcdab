import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { ToastRegion } from "./components/ToastRegion";
import { Phases } from "./session/Phases";
import { SessionProvider } from "./session/Session";

export function App() {
  const [queries] = useState(
    () =>
      new QueryClient({
        // The program below is on this machine: whatever it says at once, it would say again.
        defaultOptions: { queries: { retry: false, networkMode: "always", refetchOnWindowFocus: false } },
      }),
  );
  return (
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <Phases />
      </SessionProvider>
      <ToastRegion />
    </QueryClientProvider>
  );
}
