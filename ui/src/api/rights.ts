import * as m from "../paraglide/messages.js";
import type { Account, Me, PlaceShown, Right, Role } from "./bindings";

/** Whether a control may be used, and if not, why: in words for its tooltip. */
export type Allowance = { allowed: true } | { allowed: false; why: string };

const yes: Allowance = { allowed: true };
const no = (why: string): Allowance => ({ allowed: false, why });

/** The most powerful first. */
const power: Role[] = ["owner", "support", "auditor", "staff", "customer"];

/** What this person may do with the shop at that place. The rules below the window decide; this only spares people
 *  a refusal. */
export function can(me: Me, place: PlaceShown) {
  const right = (needed: Right): Allowance => (me.rights.includes(needed) ? yes : no(m.can_not_right()));

  /** Whether this person may act on accounts of that role, and give it. */
  const below = (role: Role) =>
    me.account.role === "owner" || power.indexOf(role) > power.indexOf(me.account.role);

  const touch = (needed: Right, account: Account): Allowance => {
    if (!me.rights.includes(needed)) return no(m.can_not_right());
    const own = account.id === me.account.id;
    return own || below(account.role) ? yes : no(m.can_not_touch_owner());
  };

  /** The first rule that says no, or yes. */
  const act = (
    needed: Right,
    account: Account,
    ...rules: [broken: boolean, why: () => string][]
  ): Allowance => {
    const touched = touch(needed, account);
    if (!touched.allowed) return touched;
    const broken = rules.find(([broken]) => broken);
    return broken ? no(broken[1]()) : yes;
  };

  const own = (account: Account): [boolean, () => string] => [account.id === me.account.id, m.can_not_own];
  const inBin = (account: Account): [boolean, () => string] => [account.deleted !== null, m.can_not_deleted];

  return {
    readAccounts: () => right("read_accounts"),
    create: () => right("create_accounts"),
    readAudit: () => right("read_audit"),
    exportAudit: () => right("export_audit"),
    checkBreaches: () => right("check_breaches"),
    changePolicy: () => right("change_policy"),
    keepStore: () => right("keep_store"),
    /** Whether its file lies here: what is done to it, as a backup or a new recovery key, is done where it lies. */
    hasStore: place.kind !== "service",

    /** The roles that this person may give. */
    roles: () => power.filter(below),
    edit: (account: Account) => act("edit_accounts", account, inBin(account)),
    enrol: (account: Account) => act("create_accounts", account, inBin(account)),
    lock: (account: Account) =>
      act("lock_accounts", account, inBin(account), own(account), [
        account.locked !== null,
        m.can_not_locked,
      ]),
    unlock: (account: Account) => act("lock_accounts", account, inBin(account)),
    endSessions: (account: Account) => (account.id === me.account.id ? yes : act("lock_accounts", account)),
    forcePassword: (account: Account) => act("edit_accounts", account, inBin(account)),
    disable: (account: Account) =>
      act("disable_accounts", account, inBin(account), own(account), [
        account.disabled !== null,
        m.can_not_disabled,
      ]),
    enable: (account: Account) =>
      act("disable_accounts", account, inBin(account), [account.disabled === null, m.can_not_enabled]),
    resetSecondFactor: (account: Account) =>
      act("reset_second_factors", account, inBin(account), own(account)),
    remove: (account: Account) => act("delete_accounts", account, inBin(account), own(account)),
    restore: (account: Account) =>
      act("delete_accounts", account, [account.deleted === null, m.can_not_deleted_yet]),
  };
}
