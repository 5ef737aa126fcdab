// Stands in for the file that the desktop program generates.

export type Result<T, E> = { status: "ok"; data: T } | { status: "error"; error: E };

export type Code =
  | "wrong_credentials"
  | "waiting"
  | "factor_disabled"
  | "disabled"
  | "locked_by_hand"
  | "code_replayed"
  | "too_many_codes"
  | "enrolment_refused"
  | "session_locked"
  | "session_ended"
  | "second_factor_needed"
  | "set_up_needed"
  | "weak_password"
  | "password_too_long"
  | "not_allowed"
  | "last_owner"
  | "own_account"
  | "conflict"
  | "email_taken"
  | "not_found"
  | "unchanged"
  | "in_recycle_bin"
  | "bad_text"
  | "bad_email"
  | "out_of_bounds"
  | "nothing_begun"
  | "already_set_up"
  | "not_set_up"
  | "disk_full"
  | "read_only"
  | "damaged"
  | "busy"
  | "broken"
  | "in_use"
  | "foreign"
  | "newer"
  | "no_store"
  | "keychain_locked"
  | "key_missing"
  | "no_keychain"
  | "keychain_silent"
  | "wrong_recovery_key"
  | "wrong_key"
  | "key_card_damaged"
  | "bad_request";

export type Weakness =
  | { kind: "too_short"; have: number; need: number }
  | { kind: "common" }
  | { kind: "repetitive" }
  | { kind: "sequential" }
  | { kind: "context_word"; which: "shop" | "name" | "email" }
  | { kind: "breached"; times: number };

export type Refusal = { kind: "weak_password"; data: Weakness[] } | { kind: "other" };

export type IpcError = { code: Code; number: string; refusal: Refusal | null; until: string | null };

export type Role = "owner" | "support" | "auditor" | "staff" | "customer";

export type Right =
  | "read_accounts"
  | "create_accounts"
  | "edit_accounts"
  | "disable_accounts"
  | "lock_accounts"
  | "reset_second_factors"
  | "delete_accounts"
  | "move_accounts"
  | "read_audit"
  | "export_audit"
  | "check_breaches"
  | "change_policy"
  | "keep_store";

export type Mark = { at: string; by: string; reason: string | null };

export type Account = {
  id: string;
  revision: number;
  email: string;
  name: string;
  role: Role;
  disabled: Mark | null;
  locked: Mark | null;
  deleted: Mark | null;
  created_at: string;
  updated_at: string;
};

export type Me = { id: string; email: string; name: string; role: Role; rights: Right[] };

export type KeyTrouble = "locked" | "missing" | "no_keychain" | "silent" | "wrong_key";

export type Phase =
  | { kind: "no_store" }
  | { kind: "key_needed"; why: KeyTrouble }
  | { kind: "unusable"; error: IpcError }
  | { kind: "closed"; ended: boolean }
  | { kind: "second_factor"; email: string }
  | { kind: "set_up"; me: Me }
  | { kind: "open"; me: Me }
  | { kind: "locked"; email: string; name: string };

export type Status = { demo: boolean; shop: string | null; phase: Phase };

export const commands = {
  async status(): Promise<Result<Status, IpcError>> {
    return { status: "error", error: { code: "not_set_up", number: "KH-1045", refusal: null, until: null } };
  },
};
