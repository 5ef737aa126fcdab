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
const here = { kind: "store", path: "/home/anna/shop.keyholder" } as const;
const may = (who: Me) => can(who, here);
const mark = { at: "2026-11-02T10:00:00Z", by: "anna@example.com", reason: null };

test("a control that cannot be used says why", () => {
  expect(may(support).lock(ben), "support is there for this").toEqual({ allowed: true });
  expect(may(support).remove(ben), "no such right").toEqual({
    allowed: false,
    why: "You may not do this. Ask the owner of the shop.",
  });
  expect(may(support).lock({ ...ben, role: "owner" }), "no way up").toEqual({
    allowed: false,
    why: "Only an owner may do this to this account. Ask one.",
  });
  expect(may(owner).remove({ ...ben, id: "anna" }), "nobody saws off their own branch").toMatchObject({
    allowed: false,
  });
});

test("what is done already, or lies in the bin, is not offered again", () => {
  expect(may(owner).lock({ ...ben, locked: mark })).toMatchObject({ why: "It is locked already." });
  expect(may(owner).lock({ ...ben, deleted: mark })).toMatchObject({
    why: "It lies in the recycle bin. Restore it first.",
  });
  expect(may(owner).restore(ben)).toMatchObject({ why: "It is not in the recycle bin." });
  expect(may(owner).restore({ ...ben, deleted: mark })).toEqual({ allowed: true });
});

test("one's own account is in reach, and a role is given only downwards", () => {
  const own = support.account;
  const staffed: Me = { ...support, rights: ["edit_accounts", "reset_second_factors"] };
  expect(may(staffed).edit(own), "support edits their own name").toEqual({ allowed: true });
  expect(may(support).endSessions(own), "and signs out everywhere").toEqual({ allowed: true });
  expect(may(staffed).resetSecondFactor(own), "but is not rid of their own second factor").toMatchObject({
    allowed: false,
  });
  expect(may(support).roles()).toEqual(["auditor", "staff", "customer"]);
  expect(may(owner).roles(), "an owner gives every role").toContain("owner");
});

test("what is done to the file is done where it lies", () => {
  const service = { kind: "service", address: "https://keys.example.com", security: "vouched" } as const;
  expect(can(me(), here).hasStore).toBe(true);
  expect(can(me(), service).hasStore, "no backup and no recovery key from afar").toBe(false);
});
