import { expect, test } from "vitest";
import { account, anna, me } from "../testing/shop";
import type { Me } from "./bindings";
import { can } from "./rights";

const ben = account();
const support = me({
  account: { ...anna, role: "support" },
  rights: ["read_accounts", "lock_accounts"],
});
const owner = me({ rights: ["lock_accounts", "delete_accounts"] });
const mark = { at: "2026-11-02T10:00:00Z", by: "anna@example.com", reason: null };

test("a control that cannot be used says why", () => {
  expect(can(support).lock(ben), "support is there for this").toEqual({ allowed: true });
  expect(can(support).remove(ben), "no such right").toEqual({
    allowed: false,
    why: "You may not do this. Ask the owner of the shop.",
  });
  expect(can(support).lock({ ...ben, role: "owner" }), "no way up").toEqual({
    allowed: false,
    why: "Only an owner may do this to this account. Ask one.",
  });
  expect(can(owner).remove({ ...ben, id: "anna" }), "nobody saws off their own branch").toMatchObject({
    allowed: false,
  });
});

test("what is done already, or lies in the bin, is not offered again", () => {
  expect(can(owner).lock({ ...ben, locked: mark })).toMatchObject({ why: "It is locked already." });
  expect(can(owner).lock({ ...ben, deleted: mark })).toMatchObject({
    why: "It lies in the recycle bin. Restore it first.",
  });
  expect(can(owner).restore(ben)).toMatchObject({ why: "It is not in the recycle bin." });
  expect(can(owner).restore({ ...ben, deleted: mark })).toEqual({ allowed: true });
});

test("one's own account is in reach, and a role is given only downwards", () => {
  const own = support.account;
  const staffed: Me = { ...support, rights: ["edit_accounts", "reset_second_factors"] };
  expect(can(staffed).edit(own), "support edits their own name").toEqual({ allowed: true });
  expect(can(support).endSessions(own), "and signs out everywhere").toEqual({ allowed: true });
  expect(can(staffed).resetSecondFactor(own), "but is not rid of their own second factor").toMatchObject({
    allowed: false,
  });
  expect(can(support).roles()).toEqual(["auditor", "staff", "customer"]);
  expect(can(owner).roles(), "an owner gives every role").toContain("owner");
});
