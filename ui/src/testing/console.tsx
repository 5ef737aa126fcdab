import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { vi } from "vitest";
import type { commands } from "../api/bindings";
import { ToastRegion } from "../components/ToastRegion";
import { createConsoleRouter } from "../router";
import { SessionProvider, useSession } from "../session/Session";
import { answering, done } from "./commands";
import { open } from "./shop";
import { view } from "./view";

/** Shows the console of somebody who is signed in, at a place such as "/accounts?role=owner". */
export function consoleAt(place: string, answers: Partial<typeof commands>, status = open()) {
  // A window of 700 px, which jsdom has not: lists show what fits.
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(700);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1100);
  Element.prototype.scrollTo = () => {};
  vi.spyOn(globalThis, "scrollTo").mockReturnValue();
  answering({ status: () => done(status), touch: () => done(null), ...answers });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = createConsoleRouter(place);
  const shown = view(
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <SignedIn router={router} />
        <ToastRegion />
      </SessionProvider>
    </QueryClientProvider>,
  );
  return {
    ...shown,
    /** Where the route stands, filters included. */
    place: () => router.state.location.href,
  };
}

function SignedIn({ router }: { router: ReturnType<typeof createConsoleRouter> }) {
  return useSession().status && <RouterProvider router={router} />;
}
