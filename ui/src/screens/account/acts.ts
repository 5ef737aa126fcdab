import {
  Ban,
  CircleCheck,
  KeyRound,
  Lock,
  LockOpen,
  LogOut,
  type LucideIcon,
  ShieldOff,
  Trash2,
} from "lucide-react";
import type { Account, AccountPage } from "../../api/bindings";
import { call, type Outcome } from "../../api/client";
import type { Allowance, can } from "../../api/rights";
import * as m from "../../paraglide/messages.js";

type Can = ReturnType<typeof can>;
type Named = (who: { name: string }) => string;

export type ActId =
  | "lock"
  | "unlock"
  | "disable"
  | "enable"
  | "force_password"
  | "reset_factor"
  | "end_sessions"
  | "delete";

/** Something that can be done to an account after a word of why. */
export type AccountAct = {
  icon: LucideIcon;
  label: () => string;
  title: Named;
  /** What will happen. */
  lead: (page: AccountPage) => string;
  /** What is said once it has happened. */
  said: Named;
  danger?: boolean;
  /** Whether it is what one is most likely here for. */
  first?: boolean;
  /** Whether the reason may be left out. */
  optional?: boolean;
  /** Whether it is offered at all: of two opposites one is. */
  offered: (page: AccountPage) => boolean;
  allowed: (can: Can, page: AccountPage) => Allowance;
  /** The account as it is afterwards; nothing where the act is not on the account itself. */
  run: (id: string, reason: string) => Promise<Outcome<Account | null>>;
  /** The act that brings back what was before; none if nothing does. */
  undo?: (page: AccountPage) => Undo | undefined;
};

type Undo = { run: (id: string) => Promise<Outcome<unknown>>; said: Named };

/** Whether there is a lock to lift, by hand or after wrong tries. */
function isLocked({ account, gates }: AccountPage): boolean {
  return (
    account.locked !== null ||
    gates.some(({ gate }) => gate.kind === "tries" && gate.state.state === "waiting")
  );
}

/** The first that says no; what is missing comes after what is not allowed. */
function unless(allowance: Allowance, missing: boolean, why: () => string): Allowance {
  if (!allowance.allowed || !missing) return allowance;
  return { allowed: false, why: why() };
}

const undone = () => m.act_undo_reason();

export const acts: Record<ActId, AccountAct> = {
  unlock: {
    icon: LockOpen,
    label: m.act_unlock,
    title: m.act_unlock_title,
    lead: m.act_unlock_lead,
    said: m.act_unlock_said,
    first: true,
    offered: isLocked,
    allowed: (can, { account }) => can.unlock(account),
    run: (id, reason) => call("unlockAccount", id, reason),
    // Forgotten failures cannot be remembered again; a lock by hand can be set again as it was.
    undo: ({ account: { locked } }) =>
      locked
        ? { run: (id) => call("lockAccount", id, locked.reason ?? undone()), said: m.act_lock_said }
        : undefined,
  },
  enable: {
    icon: CircleCheck,
    label: m.act_enable,
    title: m.act_enable_title,
    lead: m.act_enable_lead,
    said: m.act_enable_said,
    first: true,
    optional: true,
    offered: ({ account }) => account.disabled !== null,
    allowed: (can, { account }) => can.enable(account),
    run: (id, reason) => call("enableAccount", id, reason),
    undo: ({ account: { disabled } }) => ({
      run: (id) => call("disableAccount", id, disabled?.reason ?? undone()),
      said: m.act_disable_said,
    }),
  },
  lock: {
    icon: Lock,
    label: m.act_lock,
    title: m.act_lock_title,
    lead: m.act_lock_lead,
    said: m.act_lock_said,
    offered: ({ account }) => account.locked === null,
    allowed: (can, { account }) => can.lock(account),
    run: (id, reason) => call("lockAccount", id, reason),
    undo: () => ({ run: (id) => call("unlockAccount", id, undone()), said: m.act_unlock_said }),
  },
  force_password: {
    icon: KeyRound,
    label: m.act_force_password,
    title: m.act_force_password_title,
    lead: m.act_force_password_lead,
    said: m.act_force_password_said,
    offered: () => true,
    allowed: (can, { account, password }) =>
      unless(can.forcePassword(account), password === null, m.act_none_password),
    run: (id, reason) => call("forcePasswordChange", id, reason),
  },
  reset_factor: {
    icon: ShieldOff,
    label: m.act_reset_factor,
    title: m.act_reset_factor_title,
    lead: m.act_reset_factor_lead,
    said: m.act_reset_factor_said,
    danger: true,
    offered: () => true,
    allowed: (can, { account, second_factor, passkeys }) =>
      unless(
        can.resetSecondFactor(account),
        second_factor.since === null && second_factor.recovery_codes_left === 0 && passkeys.length === 0,
        m.act_none_factor,
      ),
    run: (id, reason) => call("resetSecondFactor", id, reason),
  },
  end_sessions: {
    icon: LogOut,
    label: m.act_end_sessions,
    title: m.act_end_sessions_title,
    lead: ({ own }) =>
      own ? `${m.act_end_sessions_lead()} ${m.act_end_sessions_own()}` : m.act_end_sessions_lead(),
    said: m.act_end_sessions_said,
    optional: true,
    offered: () => true,
    allowed: (can, { account, sessions }) =>
      unless(can.endSessions(account), sessions.length === 0, m.act_none_sessions),
    run: (id, reason) => call("endSessions", id, reason),
  },
  disable: {
    icon: Ban,
    label: m.act_disable,
    title: m.act_disable_title,
    lead: m.act_disable_lead,
    said: m.act_disable_said,
    danger: true,
    offered: ({ account }) => account.disabled === null,
    allowed: (can, { account }) => can.disable(account),
    run: (id, reason) => call("disableAccount", id, reason),
    undo: () => ({ run: (id) => call("enableAccount", id, undone()), said: m.act_enable_said }),
  },
  delete: {
    icon: Trash2,
    label: m.act_delete,
    title: m.act_delete_title,
    lead: m.act_delete_lead,
    said: m.act_delete_said,
    danger: true,
    optional: true,
    offered: () => true,
    allowed: (can, { account }) => can.remove(account),
    run: (id, reason) => call("deleteAccount", id, reason),
    undo: () => ({ run: (id) => call("restoreAccount", id), said: m.act_restore_said }),
  },
};
