import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
} from "@tanstack/react-router";
import { AccountScreen } from "./screens/account/AccountScreen";
import { AccountsScreen } from "./screens/accounts/AccountsScreen";
import { AuditScreen } from "./screens/audit/AuditScreen";
import { BreachScreen } from "./screens/breach/BreachScreen";
import { meSearch } from "./screens/me/dialog";
import { MeScreen } from "./screens/me/MeScreen";
import { RecycleBinScreen } from "./screens/recycle-bin/RecycleBinScreen";
import { SettingsScreen } from "./screens/settings/SettingsScreen";
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
  createRoute({ ...at("/accounts"), component: AccountsScreen, validateSearch: search }),
  createRoute({ ...at("/accounts/$id"), component: AccountScreen }),
  createRoute({ ...at("/recycle-bin"), component: RecycleBinScreen, validateSearch: search }),
  createRoute({ ...at("/audit"), component: AuditScreen, validateSearch: search }),
  createRoute({ ...at("/breach"), component: BreachScreen }),
  createRoute({ ...at("/settings"), component: SettingsScreen }),
  createRoute({ ...at("/me"), component: MeScreen, validateSearch: meSearch }),
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
