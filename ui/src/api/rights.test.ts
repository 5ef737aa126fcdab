import { expect, test } from "vitest";
import type { Account, Me } from "./bindings";
import { can } from "./rights";

const account: Account = {
  id: "b",
  revision: 1,
  email: "ben@example.com",
  name: "Ben",
  role: "staff",
  disabled: null,
  locked: null,
  deleted: null,
  created_at: "2026-11-01T10:00:00Z",
  updated_at: "2026-11-01T10:00:00Z",
};
const support: Me = {
  account: { ...account, id: "a", email: "anna@example.com", name: "Anna", role: "support" },
  rights: ["read_accounts", "lock_accounts"],
  stage: "open",
  duties: [],
  second_factor: true,
  recovery_codes_left: 8,
  locks_at: "2026-11-02T10:15:00Z",
  ends_at: "2026-11-02T22:00:00Z",
};
const owner: Me = {
  ...support,
  account: { ...support.account, role: "owner" },
  rights: ["lock_accounts", "delete_accounts"],
};
const mark = { at: "2026-11-02T10:00:00Z", by: "anna@example.com", reason: null };

test("a control that cannot be used says why", () => {
  expect(can(support).lock(account), "support is there for this").toEqual({ allowed: true });
  expect(can(support).remove(account), "no such right").toEqual({
    allowed: false,
    why: "You may not do this. Ask the owner of the shop.",
  });
  expect(can(support).lock({ ...account, role: "owner" }), "no way up").toEqual({
    allowed: false,
    why: "Only an owner may do this to this account. Ask one.",
  });
  expect(can(owner).remove({ ...account, id: "a" }), "nobody saws off their own branch").toMatchObject({
    allowed: false,
  });
});

test("what is done already, or lies in the bin, is not offered again", () => {
  expect(can(owner).lock({ ...account, locked: mark })).toMatchObject({ why: "It is locked already." });
  expect(can(owner).lock({ ...account, deleted: mark })).toMatchObject({
    why: "It lies in the recycle bin. Restore it first.",
  });
  expect(can(owner).restore(account)).toMatchObject({ why: "It is not in the recycle bin." });
  expect(can(owner).restore({ ...account, deleted: mark })).toEqual({ allowed: true });
});

test("one's own account is in reach, and a role is given only downwards", () => {
  const anna = support.account;
  const staffed: Me = { ...support, rights: ["edit_accounts", "reset_second_factors"] };
  expect(can(staffed).edit(anna), "support edits their own name").toEqual({ allowed: true });
  expect(can(support).endSessions(anna), "and signs out everywhere").toEqual({ allowed: true });
  expect(can(staffed).resetSecondFactor(anna), "but is not rid of their own second factor").toMatchObject({
    allowed: false,
  });
  expect(can(support).roles()).toEqual(["auditor", "staff", "customer"]);
  expect(can(owner).roles(), "an owner gives every role").toContain("owner");
});
