import { expect, test } from "vitest";
import { decided, firstChoices, linesOf, resolved } from "./threeWay";

const base = { name: "Ben", email: "ben@example.com", role: "staff" };

test("what only one of the two changed is settled by who changed it", () => {
  const theirs = { ...base, role: "support" };
  const mine = { ...base, name: "Ben Adler" };
  const lines = linesOf(base, theirs, mine);
  expect(lines.map(({ field }) => field)).toEqual(["name", "role"]);
  const choices = firstChoices(lines);
  expect(choices).toEqual({ name: "mine", role: "theirs" });
  expect(decided(lines, choices)).toBe(true);
  expect(resolved(theirs, mine, choices), "nothing of either is lost").toEqual({
    ...base,
    name: "Ben Adler",
    role: "support",
  });
});

test("what both changed is decided by nobody but the person", () => {
  const theirs = { ...base, role: "support" };
  const mine = { ...base, role: "auditor" };
  const lines = linesOf(base, theirs, mine);
  expect(decided(lines, firstChoices(lines)), "nothing is taken for granted").toBe(false);
  expect(resolved(theirs, mine, { role: "mine" }).role).toBe("auditor");
  expect(resolved(theirs, mine, { role: "theirs" }).role).toBe("support");
});

test("what both changed to the same is no question", () => {
  const same = { ...base, name: "Ben Adler" };
  expect(linesOf(base, same, same)).toEqual([]);
});
