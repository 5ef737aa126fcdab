import type { AccountFilter, AccountSort, Role, Standing } from "../../api/bindings";
import { everyRole } from "../../api/words";
import { oneOf, someText } from "../lists/useFilters";

/** What the route of the list says. */
export type AccountsFilters = {
  text?: string | undefined;
  role?: Role | undefined;
  standing?: Standing | undefined;
  factor?: "with" | "without" | undefined;
  sort?: AccountSort | undefined;
  descending?: true | undefined;
};

/** Accounts in the recycle bin have a list of their own. */
export const listedStandings: Standing[] = ["active", "invited", "locked", "disabled"];
const sorts: AccountSort[] = ["email", "name", "role", "created_at", "last_sign_in_at"];

export function readFilters(raw: Record<string, unknown>): AccountsFilters {
  return {
    text: someText(raw.text),
    role: oneOf(everyRole, raw.role),
    standing: oneOf(listedStandings, raw.standing),
    factor: oneOf(["with", "without"], raw.factor),
    sort: oneOf(sorts, raw.sort),
    descending: raw.descending === true || undefined,
  };
}

/** The filter as the program below takes it. */
export function asked({ text, role, standing, factor }: AccountsFilters): AccountFilter {
  return {
    text: text ?? null,
    role: role ?? null,
    standing: standing ?? null,
    second_factor: factor === undefined ? null : factor === "with",
  };
}
