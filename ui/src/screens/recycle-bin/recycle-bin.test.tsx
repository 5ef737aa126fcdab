import { screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Shop } from "../../api/bindings";
import { done } from "../../testing/commands";
import { consoleAt } from "../../testing/console";
import { account, page, row } from "../../testing/shop";
import { expectAccessible } from "../../testing/view";
import { daysLeft } from "./useDaysKept";

const deleted = {
  at: new Date(Date.now() - 28.5 * 86_400_000).toISOString(),
  by: "anna@example.com",
  reason: null,
};

function shop(policy: Shop["policy"] = {}) {
  const state = { rows: [row({ deleted }, { standing: "deleted" })] };
  const limits = { default: 30, least: 1, most: 365, source: "ours" };
  return {
    state,
    answers: {
      accounts: () => done({ rows: state.rows, next: null }),
      countAccounts: () => done(state.rows.length),
      shop: () =>
        done({
          revision: 1,
          name: "Anna's Shop",
          policy,
          created_at: "2026-11-01T10:00:00Z",
          recovery_key_confirmed_at: null,
        }),
      policyBounds: () => Promise.resolve([{ number: "recycle_bin_days" as const, bounds: limits }]),
    },
  };
}

test("it says how long each can still be restored, and restores, and takes that back", async () => {
  const { state, answers } = shop();
  const restore = vi.fn(() => {
    state.rows = [];
    return done(account());
  });
  const remove = vi.fn(() => {
    state.rows = [row({ deleted }, { standing: "deleted" })];
    return done(account({ deleted }));
  });
  const { person } = consoleAt("/recycle-bin", {
    ...answers,
    restoreAccount: restore,
    deleteAccount: remove,
    account: () => done(page()),
  });
  expect(await screen.findByText("1 day"), "of the 30 a new shop keeps").toBeDefined();
  await expectAccessible();
  const grid = screen.getByRole("grid");
  await person.click(within(grid).getByRole("button", { name: "Restore Ben" }));
  expect(await screen.findByText("Ben is restored.")).toBeDefined();
  expect(await screen.findByRole("heading", { name: "The recycle bin is empty" })).toBeDefined();
  await person.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("Ben is in the recycle bin.")).toBeDefined();
  expect(remove).toHaveBeenCalledOnce();
});

test("the shop's own number of days counts", async () => {
  consoleAt("/recycle-bin", shop({ numbers: { recycle_bin_days: 90 } }).answers);
  expect(await screen.findByText("61 days")).toBeDefined();
  expect(
    daysLeft("2026-11-01T00:00:00Z", 30, Date.parse("2026-12-24T00:00:00Z")),
    "never less than none",
  ).toBe(0);
});

test("by keyboard alone: into the list, over to the button, restored", async () => {
  const { answers } = shop();
  const restore = vi.fn(() => done(account()));
  const { person } = consoleAt("/recycle-bin", { ...answers, restoreAccount: restore });
  await screen.findByText("1 day");
  while (document.activeElement?.role !== "gridcell") await person.tab();
  await person.keyboard("{End}{Enter}");
  expect(await screen.findByText("Ben is restored.")).toBeDefined();
  expect(restore).toHaveBeenCalledWith("ben");
});
