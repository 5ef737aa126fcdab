import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { AccountQuery, AccountRow } from "../../api/bindings";
import { done, refused } from "../../testing/commands";
import { consoleAt } from "../../testing/console";
import { account, me, open, row } from "../../testing/shop";
import { expectAccessible } from "../../testing/view";

const people: AccountRow[] = [
  row({ id: "anna", name: "Anna", email: "anna@example.com", role: "owner" }, { second_factor: true }),
  row({}, { standing: "locked" }),
  row({ id: "cora", name: "", email: "cora@example.com", role: "customer" }, { standing: "invited" }),
];

/** A shop of these people, searched as the program below does it. */
function shop(rows = people) {
  const asked: AccountQuery[] = [];
  const found = ({ text, role, standing }: { text?: string | null; role?: unknown; standing?: unknown }) =>
    rows.filter(
      (each) =>
        each.account.email.includes(text ?? "") &&
        (!role || each.account.role === role) &&
        (!standing || each.standing === standing),
    );
  return {
    asked,
    answers: {
      accounts: (query: AccountQuery) => {
        asked.push(query);
        return done({ rows: found(query.filter ?? {}), next: null });
      },
      countAccounts: (filter: AccountQuery["filter"]) => done(found(filter ?? {}).length),
    },
  };
}

test("somebody is found in three letters, by keyboard alone, and opened with Enter", async () => {
  const { asked, answers } = shop();
  const { person, place } = consoleAt("/accounts", answers);
  expect(await screen.findByText("ben@example.com")).toBeDefined();
  expect(screen.getByText("3 accounts"), "how many there are is said").toBeDefined();
  await expectAccessible();
  await person.keyboard("{Control>}f{/Control}");
  await person.keyboard("ben");
  await waitFor(() => expect(screen.queryByText("cora@example.com"), "only who matches").toBeNull());
  expect(place(), "the search is in the route").toContain("text=ben");
  expect(
    asked.map(({ filter }) => filter?.text),
    "one question for the word, not one for each letter",
  ).toEqual([null, "ben"]);
  await person.tab();
  while (document.activeElement?.role !== "gridcell") await person.tab();
  await person.keyboard("{Enter}");
  await waitFor(() => expect(place(), "the row with the focus is open").toBe("/accounts/ben"));
});

test("the route sets the filters, and clearing them brings everybody back", async () => {
  const { asked, answers } = shop();
  const { person, place } = consoleAt("/accounts?standing=locked&sort=name&descending=true", answers);
  expect(await screen.findByRole("button", { name: "Status: Locked" })).toBeDefined();
  await screen.findByText("ben@example.com");
  expect(screen.queryByText("cora@example.com")).toBeNull();
  expect(asked[0], "the order too").toMatchObject({ sort: "name", descending: true });
  await person.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(await screen.findByText("cora@example.com")).toBeDefined();
  expect(place(), "the order stays").toContain("sort=name");
  await person.click(within(screen.getByRole("grid")).getByRole("button", { name: "E-mail" }));
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ sort: "email", descending: false }));
});

test("nonsense in the route filters nothing", async () => {
  const { asked, answers } = shop();
  consoleAt("/accounts?role=emperor&standing=7&text=%20", answers);
  await screen.findByText("ben@example.com");
  expect(asked[0]?.filter).toEqual({ text: null, role: null, standing: null, second_factor: null });
});

test("Ctrl+N makes an account, whose code is shown once and then forgotten", async () => {
  const { answers } = shop();
  const forget = vi.fn(() => done(null));
  const create = vi
    .fn()
    .mockImplementationOnce(() => refused("email_taken"))
    .mockImplementation((email: string, name: string) => {
      const made = account({ id: "dora", email, name });
      return done({
        account: made,
        enrolment: { code: "ABCD-EFGH-JKMN", expires_at: "2026-11-03T09:00:00Z", account: made },
      });
    });
  const copy = vi.fn(() => done({ cleared_in_secs: 30 }));
  const { person } = consoleAt("/accounts", {
    ...answers,
    createAccount: create,
    copyShown: copy,
    forgetShown: forget,
  });
  await screen.findByText("ben@example.com");
  await person.keyboard("{Control>}n{/Control}");
  await screen.findByRole("dialog", { name: "New account" });
  await person.keyboard("{Enter}");
  expect(screen.getByText("Write the e-mail address they will sign in with.")).toBeDefined();
  await expectAccessible();
  await person.keyboard("dora@example.com{Tab}Dora{Enter}");
  expect(await screen.findByText(/There is an account with this e-mail address already/)).toBeDefined();
  await person.keyboard("{Enter}");
  const sheet = await screen.findByRole("dialog", { name: "Enrolment code for Dora" });
  expect(create).toHaveBeenLastCalledWith("dora@example.com", "Dora", "staff");
  expect(sheet.textContent?.replace(/\s/g, ""), "in groups, to read out").toContain("ABCDEFGHJKMN");
  await expectAccessible();
  await person.click(within(sheet).getByRole("button", { name: "Copy" }));
  expect(copy, "the program below copies what it shows").toHaveBeenCalledWith("enrolment");
  await person.click(within(sheet).getByRole("button", { name: "Done" }));
  await waitFor(() => expect(forget, "nothing of it stays").toHaveBeenCalledWith("enrolment"));
});

test("who may not make accounts is told why", async () => {
  const { answers } = shop();
  const { person } = consoleAt("/accounts", answers, open({ rights: ["read_accounts"] }));
  const button = await screen.findByRole("button", { name: "New account" });
  expect(button.getAttribute("aria-disabled")).toBe("true");
  await person.keyboard("{Control>}n{/Control}");
  expect(screen.queryByRole("dialog"), "the keys do nothing either").toBeNull();
  expect(me().rights, "an owner may").toContain("create_accounts");
});

test("nobody found, nobody there and no answer are three things", async () => {
  const { person, unmount } = consoleAt("/accounts?text=zzz", shop().answers);
  expect(await screen.findByRole("heading", { name: "Nobody found" })).toBeDefined();
  await expectAccessible();
  await person.click(screen.getAllByRole("button", { name: "Clear filters" })[0] as HTMLElement);
  expect(await screen.findByText("ben@example.com")).toBeDefined();
  unmount();

  const empty = consoleAt("/accounts", shop([]).answers);
  expect(await screen.findByRole("heading", { name: "No accounts yet" })).toBeDefined();
  empty.unmount();

  consoleAt("/accounts", { accounts: () => refused("busy"), countAccounts: () => refused("busy") });
  expect((await screen.findByRole("alert")).textContent, "with a code to quote").toContain("KH-1000");
  await expectAccessible();
});

test("when a further page cannot be had, what is there stays, and one can go on", async () => {
  let broken = true;
  const accounts = ({ after }: AccountQuery) => {
    if (after === null || after === undefined) return done({ rows: people, next: "2" });
    return broken
      ? refused("busy")
      : done({ rows: [row({ id: "z", email: "zoe@example.com" })], next: null });
  };
  const { person } = consoleAt("/accounts", { accounts, countAccounts: () => done(4) });
  expect(await screen.findByText("The rest of the list could not be loaded.")).toBeDefined();
  expect(screen.getByText("ben@example.com")).toBeDefined();
  broken = false;
  await person.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("zoe@example.com")).toBeDefined();
});
