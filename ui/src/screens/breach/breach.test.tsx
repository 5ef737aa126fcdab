import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { BreachAnswer } from "../../api/bindings";
import { askedFor, done, refused } from "../../testing/commands";
import { consoleAt } from "../../testing/console";
import { openWith } from "../../testing/people";
import { expectAccessible } from "../../testing/view";

const answers: [BreachAnswer, title: RegExp, next: RegExp][] = [
  [{ kind: "breached", times: 3_861_493 }, /seen in data leaks 3,861,493 times/, /choose a new one/],
  [{ kind: "not_found", as_of: "2026-11-23T10:00:00Z" }, /Not on the breach list of .*2026/, /no promise/],
  [
    { kind: "not_checked", why: { kind: "unreachable" } },
    /^Not checked$/,
    /There was no way to the breach list/,
  ],
];

test.each(answers)("a check that answers %j says so and what follows", async (answer, title, next) => {
  const { person } = consoleAt("/breach", { checkBreach: () => done(answer) });
  const field = await screen.findByLabelText<HTMLInputElement>("Password to check");
  await person.type(field, "four quiet brass keys{Enter}");
  expect(await screen.findByRole("heading", { name: title })).toBeDefined();
  expect(screen.getByText(next), "what to do now").toBeDefined();
  expect(field.value, "the password is not kept on the screen").toBe("");
  expect(askedFor("checkBreach")).toEqual([["four quiet brass keys"]]);
  await expectAccessible();
});

test("what leaves the computer is said before anything is asked", async () => {
  const { person } = consoleAt("/breach", { checkBreach: () => refused("busy") });
  expect(await screen.findByText(/sends only the first 5 of them/)).toBeDefined();
  await person.click(screen.getByRole("button", { name: "Check" }));
  expect(screen.getByText("Type the password to check first.")).toBeDefined();
  expect(askedFor("checkBreach"), "nothing is sent for nothing").toEqual([]);
});

test("an auditor is told why the check is not theirs", async () => {
  consoleAt("/breach", {}, openWith([], ["read_accounts"]));
  const check = await screen.findByRole("button", { name: "Check" });
  expect(check.getAttribute("aria-disabled")).toBe("true");
  expect(screen.getByText("You may not do this. Ask the owner of the shop.")).toBeDefined();
});
