import { screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { answering, askedFor, done, refused } from "../../testing/commands";
import { consoleAt } from "../../testing/console";
import { bounds, openWith, shop } from "../../testing/people";
import { event } from "../../testing/shop";
import { expectAccessible } from "../../testing/view";

const about = { keyholder: "0.1.0", sqlite: "3.50", sqlcipher: "4.9", tauri: "2.12", webview: null };
const usual = {
  shop: () => done(shop),
  policyBounds: () => Promise.resolve(bounds),
  about: () => done(about),
  storeInfo: () => done({ path: "/home/anna/shop.keyholder", kib: 1234 }),
  accounts: () => done({ rows: [], next: null }),
  countAccounts: () => done(0),
};
type Person = ReturnType<typeof consoleAt>["person"];

async function idle(person: Person, minutes: string) {
  const field = await screen.findByLabelText("Lock when nobody is there");
  await person.clear(field);
  await person.type(field, minutes);
  await person.tab();
}

test("each number has its reason, its default, its bounds and their source", async () => {
  consoleAt("/settings", usual);
  const field = await screen.findByLabelText<HTMLInputElement>("Lock when nobody is there");
  expect(field.value, "what the shop has decided").toBe("10");
  expect(screen.getByText(/Usually 15; you can choose from 1 to 60./)).toBeDefined();
  expect(screen.getByText(/open to everybody who passes/), "why it is asked").toBeDefined();
  expect(screen.getAllByText("Security standard: NIST SP 800-63B-4").length, "whose number it is").toBe(2);
  await expectAccessible();
});

test("what is changed is saved as a whole from the revision that was looked at", async () => {
  const { person } = consoleAt("/settings", {
    ...usual,
    changePolicy: (_revision, name, policy) => done({ ...shop, revision: 4, name, policy }),
  });
  await idle(person, "5");
  await person.click(screen.getByRole("switch", { name: "Owner must use a second factor" }));
  await person.click(screen.getByRole("button", { name: "Save changes" }));
  expect(await screen.findByText("The settings are saved.")).toBeDefined();
  expect(askedFor("changePolicy")).toEqual([
    [
      3,
      "Anna's Shop",
      {
        numbers: { idle_minutes: 5 },
        second_factor_required: ["owner"],
        breach_check: true,
        breach_forces_change: false,
        registration: false,
        limits: { newsletter: { count: 10, per_seconds: 60 } },
      },
    ],
  ]);
  expect(screen.getByText("There is nothing to save yet."), "begun anew").toBeDefined();
});

test("somebody else was quicker: both are shown, and one chooses from the new revision", async () => {
  const theirs = { ...shop, revision: 4, policy: { ...shop.policy, numbers: { idle_minutes: 30 } } };
  const save = vi
    .fn()
    .mockImplementationOnce(() => {
      answering({ shop: () => done(theirs) });
      return refused("conflict");
    })
    .mockImplementation((_revision, name, policy) => done({ ...theirs, revision: 5, name, policy }));
  const { person } = consoleAt("/settings", {
    ...usual,
    changePolicy: save,
    events: () => done({ rows: [event(9, { action: "policy.changed" })], next: null }),
  });
  await idle(person, "5");
  await person.click(screen.getByRole("switch", { name: "Owner must use a second factor" }));
  await person.click(screen.getByRole("button", { name: "Save changes" }));
  const quicker = within(await screen.findByRole("dialog", { name: "Somebody else was quicker" }));
  expect(await quicker.findByText(/anna@example.com changed this meanwhile/), "by whom").toBeDefined();
  const minutes = within(quicker.getByRole("region", { name: "Lock when nobody is there" }));
  expect(minutes.getByText("When you looked:").textContent).toContain("10");
  expect(quicker.getByRole("button", { name: "Save changes" }).getAttribute("aria-disabled")).toBe("true");
  await expectAccessible();
  expect(save, "nothing is overwritten without a word").toHaveBeenCalledTimes(1);
  await person.click(minutes.getByRole("radio", { name: "Now: 30" }));
  await person.click(quicker.getByRole("button", { name: "Save changes" }));
  expect(await screen.findByText("The settings are saved.")).toBeDefined();
  expect(save, "their minutes, and my second factor").toHaveBeenLastCalledWith(
    4,
    "Anna's Shop",
    expect.objectContaining({ numbers: { idle_minutes: 30 }, second_factor_required: ["owner"] }),
  );
});

test("unsaved changes are not left by accident", async () => {
  const { person, place } = consoleAt("/settings", usual);
  await idle(person, "5");
  await person.click(screen.getByRole("tab", { name: "About" }));
  await person.click(screen.getByRole("tab", { name: "Shop and rules" }));
  const field = screen.getByLabelText<HTMLInputElement>("Lock when nobody is there");
  expect(field.value, "another part of the settings is not away").toBe("5");
  await person.click(screen.getByRole("button", { name: "Breach check" }));
  const ask = within(await screen.findByRole("dialog", { name: "Leave without saving?" }));
  await person.click(ask.getByRole("button", { name: "Stay here" }));
  expect(place()).toBe("/settings");
  await person.click(screen.getByRole("button", { name: "Breach check" }));
  await person.click(await screen.findByRole("button", { name: "Leave without saving" }));
  expect(await screen.findByRole("heading", { name: "Breach check" })).toBeDefined();
});

test("without the right the settings can be read, and each closed control says why", async () => {
  const { person } = consoleAt("/settings", usual, openWith([], ["read_accounts"]));
  expect(await screen.findByText(/You can look at these settings/)).toBeDefined();
  const save = screen.getByRole("button", { name: "Save changes" });
  expect(save.getAttribute("aria-disabled")).toBe("true");
  await person.click(screen.getByRole("tab", { name: "Data and backup" }));
  expect((await screen.findByRole("button", { name: "Back up now" })).getAttribute("aria-disabled")).toBe(
    "true",
  );
});

test("the store says where it lies; a backup says where it went", async () => {
  const { person } = consoleAt("/settings", {
    ...usual,
    backupCreate: () => done({ path: "/home/anna/backups/shop.keyholder" }),
  });
  await person.click(await screen.findByRole("tab", { name: "Data and backup" }));
  expect(await screen.findByText("/home/anna/shop.keyholder")).toBeDefined();
  expect(screen.getByText("1,234 KiB")).toBeDefined();
  await person.click(screen.getByRole("button", { name: "Back up now" }));
  expect(await screen.findByText(/Backup made: .*backups/)).toBeDefined();
  await person.click(screen.getByRole("button", { name: "Make a new recovery key" }));
  const ask = within(await screen.findByRole("dialog", { name: "Make a new recovery key?" }));
  expect(ask.getByText(/The old one opens nothing from then on/)).toBeDefined();
  await person.keyboard("{Escape}");
  expect(askedFor("backupCreate").length).toBe(1);
  await expectAccessible();
});

test("the window looks as it is liked, and remembers it", async () => {
  const { person } = consoleAt("/settings", usual);
  await person.click(await screen.findByRole("tab", { name: "Appearance and keys" }));
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: /Colours/ }));
  await person.click(await screen.findByRole("option", { name: "Dark" }));
  expect(document.documentElement.dataset.theme, "at once").toBe("dark");
  expect(localStorage.getItem("keyholder.preferences"), "and the next time").toContain("dark");
  await person.click(screen.getByRole("switch", { name: /Single keys/ }));
  await person.click(document.body);
  await person.keyboard("?");
  expect(screen.queryByRole("dialog", { name: "Keyboard shortcuts" }), "a single key").toBeNull();
});

test("the versions can be quoted", async () => {
  const { person } = consoleAt("/settings", usual);
  await person.click(await screen.findByRole("tab", { name: "About" }));
  expect(await screen.findByText("0.1.0")).toBeDefined();
  expect(screen.getByText("Not known"), "honest about the web view").toBeDefined();
  await expectAccessible();
});

test("a shop names the limits that its own pages ask for", async () => {
  const { person } = consoleAt("/settings", {
    ...usual,
    changePolicy: (_revision, name, policy) => done({ ...shop, revision: 4, name, policy }),
  });
  const named = within(await screen.findByRole("region", { name: "Limits for your own pages" }));
  expect(
    named.getByText(/the newsletter allows 10 within 60 seconds/),
    "what is usual, and whose number it is",
  ).toBeDefined();
  await person.type(named.getByRole("textbox", { name: "Name of a new limit" }), "api");
  expect(
    named.getByText(/This name is taken/),
    "a limit of the service's own is not the shop's",
  ).toBeDefined();
  await person.clear(named.getByRole("textbox", { name: "Name of a new limit" }));
  await person.type(named.getByRole("textbox", { name: "Name of a new limit" }), "gift-card");
  await person.click(named.getByRole("button", { name: "Add limit" }));
  const count = named.getByRole<HTMLInputElement>("textbox", { name: "gift-card: at most" });
  await person.clear(count);
  await person.type(count, "3{Tab}");
  await person.click(named.getByRole("button", { name: "Remove newsletter" }));
  await person.click(screen.getByRole("button", { name: "Save changes" }));
  expect(await screen.findByText("The settings are saved.")).toBeDefined();
  expect(askedFor("changePolicy")).toMatchObject([
    [3, "Anna's Shop", { limits: { "gift-card": { count: 3, per_seconds: 60 } } }],
  ]);
  await expectAccessible();
});
