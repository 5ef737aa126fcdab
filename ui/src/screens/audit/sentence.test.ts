import { expect, test } from "vitest";
import program from "../../../../crates/core/src/audit/action.rs?raw";
import type { Action } from "../../api/bindings";
import { event } from "../../testing/shop";
import { everyAction } from "./actions";
import { factInWords, fieldInWords, valueInWords } from "./fields";
import { asked, readFilters } from "./filters";
import { plain } from "./plain";
import { sentenceOf } from "./sentence";

test("every action the program knows has words, whatever came of it", () => {
  const known = [...program.matchAll(/^ {4}[A-Z]\w+ = "([a-z_.]+)",$/gm)].map(([, word]) => word);
  expect(everyAction.toSorted(), "none is missing, none is made up").toEqual(known.toSorted());
  for (const action of everyAction) {
    for (const outcome of ["done", "failed", "refused"] as const) {
      const sentence = sentenceOf(event(1, { action, outcome }).event);
      expect(sentence, `${action} ${outcome}`).toMatch(/example\.com/);
      expect(sentence, "no key prints itself").not.toMatch(/action_|\{/);
    }
  }
});

test("every fact and field that a rule notes has words", () => {
  const rules = import.meta.glob("../../../../crates/core/src/{rules,directory}/**/*.rs", {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const program = Object.values(rules).join("\n");
  const named = (method: string) =>
    [...program.matchAll(new RegExp(`\\.${method}\\(\\s*"(\\w+)"`, "g"))].map(([, name = ""]) => name);
  expect(named("fact").length, "all of them were read").toBeGreaterThan(10);
  for (const fact of named("fact")) expect(factInWords(fact), fact).not.toBe(fact);
  for (const field of named("change")) expect(fieldInWords(field), field).not.toBe(field);
  expect(valueInWords("whole", "true")).toBe("Yes");
  expect(valueInWords("name", "on"), "a name is a name").toBe("on");
  expect(valueInWords("constructor", "toString"), "hostile names are only names").toBe("toString");
  expect(valueInWords("role", "owner")).toBe("Owner");
});

const tell = (action: Action, part: Parameters<typeof event>[1] = {}) =>
  sentenceOf(event(1, { action, ...part }).event);

test("the trail is told as one would tell it", () => {
  expect(tell("account.unlocked")).toBe("anna@example.com unlocked ben@example.com");
  expect(tell("account.unlocked", { outcome: "refused" })).toBe(
    "anna@example.com tried to unlock ben@example.com",
  );
  const somebody = { kind: "unknown", email: "ben@example.com" } as const;
  expect(tell("sign_in.password", { actor: somebody, outcome: "failed" })).toBe(
    "Somebody as ben@example.com gave a wrong password",
  );
  expect(tell("account.purged", { actor: { kind: "keyholder" } })).toBe(
    "Keyholder removed ben@example.com for good",
  );
  const own = { subject: "anna", subject_email: "anna@example.com" };
  expect(tell("session.ended", own), "to oneself it is said otherwise").toBe("anna@example.com signed out");
  expect(tell("account.edited", own)).toBe("anna@example.com edited their own account");
  expect(tell("sign_in.password", { ...own, details: { facts: { stage: "open" } } })).toBe(
    "anna@example.com signed in",
  );
});

test("hostile text is only text", () => {
  const name = "a\u202egro.live@x\u0007\n2026 anna unlocked bob";
  expect(plain(name), "nothing unseen, nothing turned round, one line").toBe(
    "a\ufffdgro.live@x\ufffd\ufffd2026 anna unlocked bob",
  );
  expect(plain("x".repeat(1_000_000)).length).toBeLessThan(400);
  expect(tell("account.edited", { subject_email: "{who}<img src=x onerror=alert(1)>" })).toContain(
    "{who}<img src=x onerror=alert(1)>",
  );
});

test("days in the route become moments, the last day included", () => {
  const { from, until } = asked(readFilters({ from: "2026-11-02", until: "2026-11-02" }));
  expect(from).toBe(new Date(2026, 10, 2).toISOString());
  expect(until).toBe(new Date(2026, 10, 3).toISOString());
  expect(
    readFilters({ from: "2026-02-31", until: "soon", action: "all" }),
    "nonsense filters nothing",
  ).toEqual({});
});
