import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { meSearch } from "./screens/me/dialog";
import { Shell } from "./session/Shell";

/** The filters of a list, as its screen reads them. */
type Search = Record<string, unknown>;
const search = (search: Search) => search;

const root = createRootRoute({ component: Shell });
const at = <P extends string>(path: P) => ({ getParentRoute: () => root, path });

const routes = root.addChildren([
  createRoute({
    ...at("/"),
    beforeLoad: () => {
      throw redirect({ to: "/accounts" });
    },
  }),
  createRoute({
    ...at("/accounts"),
    component: lazyRouteComponent(() => import("./screens/accounts/AccountsScreen"), "AccountsScreen"),
    validateSearch: search,
  }),
  createRoute({
    ...at("/accounts/$id"),
    component: lazyRouteComponent(() => import("./screens/account/AccountScreen"), "AccountScreen"),
  }),
  createRoute({
    ...at("/recycle-bin"),
    component: lazyRouteComponent(() => import("./screens/recycle-bin/RecycleBinScreen"), "RecycleBinScreen"),
    validateSearch: search,
  }),
  createRoute({
    ...at("/audit"),
    component: lazyRouteComponent(() => import("./screens/audit/AuditScreen"), "AuditScreen"),
    validateSearch: search,
  }),
  createRoute({
    ...at("/breach"),
    component: lazyRouteComponent(() => import("./screens/breach/BreachScreen"), "BreachScreen"),
  }),
  createRoute({
    ...at("/settings"),
    component: lazyRouteComponent(() => import("./screens/settings/SettingsScreen"), "SettingsScreen"),
  }),
  createRoute({
    ...at("/me"),
    component: lazyRouteComponent(() => import("./screens/me/MeScreen"), "MeScreen"),
    validateSearch: meSearch,
  }),
]);

/** The way through the console for one person. It lives in memory: there is no address bar, and it is kept while
 *  the console is locked. */
export function createConsoleRouter(first = "/accounts") {
  return createRouter({
    routeTree: routes,
    history: createMemoryHistory({ initialEntries: [first] }),
    defaultPendingMinMs: 0,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
