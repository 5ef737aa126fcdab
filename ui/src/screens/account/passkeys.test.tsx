import { screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { done } from "../../testing/commands";
import { consoleAt } from "../../testing/console";
import { account, page } from "../../testing/shop";
import { expectAccessible } from "../../testing/view";

const phone = {
  id: "cmluZw",
  name: "Her phone",
  created_at: "2026-11-01T12:00:00Z",
  last_used_at: null,
};

test("a passkey is seen, and goes with a reason", async () => {
  const state = { page: page({ passkeys: [phone] }) };
  const remove = vi.fn(() => {
    state.page = page();
    return done(account());
  });
  const { person } = consoleAt("/accounts/ben", {
    account: () => done(state.page),
    events: () => done({ rows: [], next: null }),
    removePasskey: remove,
  });
  const panel = await screen.findByRole("region", { name: "Passkeys" });
  expect(panel.textContent, "by the name that it was given").toContain("Her phone");
  expect(panel.textContent, "and when it was used").toContain("not used yet");
  await expectAccessible();
  await person.click(within(panel).getByRole("button", { name: "Remove Her phone" }));
  const dialog = await screen.findByRole("dialog", { name: "Remove the passkey Her phone of Ben?" });
  await expectAccessible(dialog);
  await person.keyboard("{Enter}");
  expect(remove, "no reason, no act").not.toHaveBeenCalled();
  await person.keyboard("Phone is lost{Enter}");
  expect(await screen.findByText("The passkey Her phone of Ben is removed.")).toBeDefined();
  expect(remove).toHaveBeenCalledWith("ben", "cmluZw", "Phone is lost");
  expect(screen.queryByRole("region", { name: "Passkeys" }), "gone is gone").toBeNull();
});

test("where there is none, nothing is said of passkeys", async () => {
  consoleAt("/accounts/ben", {
    account: () => done(page()),
    events: () => done({ rows: [], next: null }),
  });
  await screen.findByRole("region", { name: "Signed in now" });
  expect(screen.queryByRole("region", { name: "Passkeys" })).toBeNull();
});
