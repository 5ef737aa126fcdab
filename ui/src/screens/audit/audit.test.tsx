import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { EventQuery } from "../../api/bindings";
import { done, refused } from "../../testing/commands";
import { consoleAt } from "../../testing/console";
import { event, page } from "../../testing/shop";
import { expectAccessible } from "../../testing/view";

const trail = [
  event(3, {
    action: "account.edited",
    details: { changes: [{ field: "role", before: "staff", after: "owner" }], facts: {} },
    reason: "Takes over the shop",
  }),
  event(2, {
    action: "sign_in.password",
    actor: { kind: "unknown", email: "ben@example.com" },
    outcome: "refused",
    code: "waiting",
    details: { facts: { failures: "5" } },
  }),
  event(1, { reason: "<b onclick=alert(1)>{who}</b>" }),
];

function shop() {
  const asked: EventQuery[] = [];
  const events = (query: EventQuery) => {
    asked.push(query);
    return done({
      rows: trail.filter(({ event }) => !query.outcome || event.outcome === query.outcome),
      next: null,
    });
  };
  return { asked, answers: { events, account: () => done(page()) } };
}

test("each row is a sentence with its outcome, and hostile text is only text", async () => {
  consoleAt("/audit", shop().answers);
  const row = (await screen.findByText(/Somebody as ben@example.com tried to sign in/)).closest("[role=row]");
  expect(row?.textContent, "and why not").toContain("Too many wrong tries");
  expect(row?.textContent, "the outcome in a word").toContain("Refused");
  expect(screen.getByText(/<b onclick=alert\(1\)>/), "shown, not run").toBeDefined();
  expect(document.querySelector("b[onclick]")).toBeNull();
  await expectAccessible();
});

test("a row is opened and narrowed from, by keyboard alone", async () => {
  const { asked, answers } = shop();
  const { person, place } = consoleAt("/audit", answers);
  await screen.findByText(/edited ben@example.com/);
  while (document.activeElement?.role !== "gridcell") await person.tab();
  await person.keyboard("{Enter}");
  const dialog = await screen.findByRole("dialog", { name: "Entry 3" });
  const change = within(dialog).getByRole("row", { name: "Role Staff Owner" });
  expect(change, "before and after").toBeDefined();
  expect(within(dialog).getByText("Takes over the shop")).toBeDefined();
  await expectAccessible(dialog);
  const only = within(dialog).getByRole("button", { name: "Only this account" });
  while (document.activeElement !== only) await person.tab();
  await person.keyboard("{Enter}");
  await waitFor(() => expect(place()).toBe("/audit?account=ben"));
  expect(await screen.findByText("Account: ben@example.com"), "by a name, not by a number").toBeDefined();
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ account: "ben" }));
  await person.click(screen.getByRole("button", { name: "Remove the filter Account" }));
  await waitFor(() => expect(place()).toBe("/audit"));
});

test("what went wrong has a code to quote", async () => {
  const { person } = consoleAt("/audit?outcome=refused", shop().answers);
  expect(await screen.findByRole("button", { name: "Outcome: Refused" })).toBeDefined();
  await person.click(await screen.findByText(/tried to sign in/));
  const dialog = await screen.findByRole("dialog", { name: "Entry 2" });
  expect(within(dialog).getByText("KH-1002")).toBeDefined();
  expect(dialog.textContent, "facts have names").toContain("Wrong tries in a row5");
});

test("an action is chosen in words, among its like", async () => {
  const { asked, answers } = shop();
  const { person } = consoleAt("/audit", answers);
  await person.click(await screen.findByRole("button", { name: "Action" }));
  const group = screen.getByRole("group", { name: "Passwords and second factors" });
  await expectAccessible(screen.getByRole("menu"));
  await person.click(within(group).getByRole("menuitemradio", { name: "Second factor reset" }));
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ action: "second_factor.reset" }));
});

test("days are typed part by part", async () => {
  const { asked, answers } = shop();
  const { person, place } = consoleAt("/audit", answers);
  await person.click(await screen.findByRole("button", { name: "Dates" }));
  const dialog = await screen.findByRole("dialog", { name: "Dates" });
  await expectAccessible(dialog);
  const from = within(dialog).getByRole("group", { name: "From" });
  await person.click(within(from).getByRole("spinbutton", { name: /month/ }));
  await person.keyboard("11022026");
  await waitFor(() => expect(place()).toContain("from=2026-11-02"));
  await waitFor(() => expect(asked.at(-1)?.from).toBe(new Date(2026, 10, 2).toISOString()));
});

test("the trail is verified, and the verdict is said either way", async () => {
  const verify = vi
    .fn()
    .mockImplementationOnce(() => done({ verdict: "whole", rows: 3, head: "00" }))
    .mockImplementationOnce(() => done({ verdict: "broken", first_bad_seq: 2, why: "changed" }))
    .mockImplementation(() => refused("busy"));
  const { person } = consoleAt("/audit", { ...shop().answers, verifyTrail: verify });
  const button = await screen.findByRole("button", { name: "Verify the trail" });
  await person.click(button);
  expect(await screen.findByText(/The trail is whole: all 3 entries/)).toBeDefined();
  await expectAccessible();
  await person.click(button);
  expect(await screen.findByText("From entry 2 on, the trail cannot be trusted.")).toBeDefined();
  expect(screen.queryByText(/The trail is whole/), "never both").toBeNull();
  await person.click(button);
  expect(await screen.findByText(/did not answer in time/), "no answer is no verdict").toBeDefined();
  expect(screen.queryByText(/cannot be trusted/)).toBeNull();
});

test("nothing found is not nothing there", async () => {
  const events = () => done({ rows: [], next: null });
  const { unmount } = consoleAt("/audit?text=zzz", { events });
  expect(await screen.findByRole("heading", { name: "Nothing found" })).toBeDefined();
  await expectAccessible();
  unmount();
  consoleAt("/audit", { events: () => refused("not_allowed") });
  expect((await screen.findByRole("alert")).textContent).toContain("You may not do this");
});
