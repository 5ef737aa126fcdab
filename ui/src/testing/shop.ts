import type {
  Account,
  AccountPage,
  AccountRow,
  AuditEvent,
  GateState,
  Me,
  RecordedEvent,
  Right,
  SessionRow,
  Source,
  Status,
} from "../api/bindings";

/** Every right there is: an owner's. */
const everyRight: Right[] = [
  "read_accounts",
  "create_accounts",
  "edit_accounts",
  "disable_accounts",
  "lock_accounts",
  "reset_second_factors",
  "delete_accounts",
  "move_accounts",
  "read_audit",
  "export_audit",
  "check_breaches",
  "change_policy",
  "keep_store",
];

/** An account, by default Ben's. */
export function account(part: Partial<Account> = {}): Account {
  return {
    id: "ben",
    revision: 1,
    email: "ben@example.com",
    name: "Ben",
    role: "staff",
    disabled: null,
    locked: null,
    deleted: null,
    created_at: "2026-11-01T10:00:00Z",
    updated_at: "2026-11-01T10:00:00Z",
    ...part,
  };
}

export const anna = account({ id: "anna", email: "anna@example.com", name: "Anna", role: "owner" });

export function me(part: Partial<Me> = {}): Me {
  return {
    account: anna,
    rights: everyRight,
    stage: "open",
    duties: [],
    second_factor: true,
    recovery_codes_left: 8,
    locks_at: "2099-11-02T10:15:00Z",
    ends_at: "2099-11-02T22:00:00Z",
    ...part,
  };
}

/** A console that knows this computer's own shop and no other. */
export const here: Omit<Status, "shop" | "phase"> = {
  place: { kind: "store", path: "/home/anna/shop.keyholder" },
  connections: [],
  key_not_kept: null,
  lost: null,
};

export function open(part: Partial<Me> = {}): Status {
  return { ...here, shop: "Anna's Shop", phase: { kind: "open", me: me(part) } };
}

export function row(part: Partial<Account> = {}, rest: Partial<AccountRow> = {}): AccountRow {
  return {
    account: account(part),
    standing: "active",
    second_factor: false,
    last_sign_in_at: null,
    ...rest,
  };
}

const window: Source = { program: "window", address: "BEN-PC", device: null };

export function session(part: Partial<SessionRow> = {}): SessionRow {
  return {
    id: "s1",
    stage: "open",
    source: window,
    created_at: "2026-11-02T08:00:00Z",
    seen_at: "2026-11-02T09:00:00Z",
    expires_at: "2099-11-02T20:00:00Z",
    current: false,
    ...part,
  };
}

/** Every gate, all open. */
const openGates: GateState[] = [
  { gate: { kind: "not_deleted" }, open: true, opens_at: null },
  { gate: { kind: "enabled" }, open: true, opens_at: null },
  { gate: { kind: "not_locked" }, open: true, opens_at: null },
  { gate: { kind: "enrolled" }, open: true, opens_at: null },
  {
    gate: { kind: "tries", factor: "password", scope: "anywhere", state: { state: "open", left: 5 } },
    open: true,
    opens_at: null,
  },
  { gate: { kind: "second_factor", set_up: true, required: false }, open: true, opens_at: null },
  { gate: { kind: "password_change", forced: false }, open: true, opens_at: null },
];

/** The gates with some of them otherwise. */
export function gates(...others: GateState[]): GateState[] {
  return openGates.map((gate) => others.find((other) => other.gate.kind === gate.gate.kind) ?? gate);
}

export function page(part: Partial<AccountPage> = {}): AccountPage {
  return {
    account: account(),
    standing: "active",
    gates: openGates,
    password: { set_at: "2026-11-01T11:00:00Z", scheme: "argon2id", breached: 0, breach_checked_at: null },
    second_factor: { since: "2026-11-01T12:00:00Z", recovery_codes_left: 8, put_off_until: null },
    passkeys: [],
    enrolment_until: null,
    sessions: [],
    last_sign_in_at: "2026-11-02T08:00:00Z",
    own: false,
    touchable: true,
    ...part,
  };
}

export function event(seq: number, part: Partial<AuditEvent> = {}): RecordedEvent {
  return {
    seq,
    event: {
      at: "2026-11-02T09:00:00Z",
      actor: { kind: "account", id: "anna", email: "anna@example.com" },
      action: "account.unlocked",
      outcome: "done",
      code: null,
      subject: "ben",
      subject_email: "ben@example.com",
      reason: null,
      source: { program: "window", address: "FRONT-DESK", device: null },
      details: {},
      ...part,
    },
  };
}
