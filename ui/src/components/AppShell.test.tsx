import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { expectAccessible, view } from "../testing/view";
import { AppShell } from "./AppShell";

const shell = {
  place: <p>Anna's Shop</p>,
  person: { name: "Anna", email: "anna@example.com", role: "Owner" },
  section: "accounts" as const,
  onGo: () => {},
  onMe: () => {},
  onLock: () => {},
  onSignOut: () => {},
};

test("the frame says whose shop it is and who is signed in", async () => {
  view(<AppShell {...shell}>Accounts here</AppShell>);
  expect(screen.getByRole("banner").textContent).toContain("Anna's Shop");
  expect(screen.getByRole("button", { name: /Anna/ }).textContent, "and as what").toContain("Owner");
  expect(screen.getByRole("button", { name: "Accounts" }).getAttribute("aria-current")).toBe("page");
  await expectAccessible();
});

test("Ctrl+L locks, Ctrl+comma opens the settings, ? lists the keys", async () => {
  const lock = vi.fn();
  const go = vi.fn();
  const { person } = view(
    <AppShell {...shell} onLock={lock} onGo={go}>
      <input aria-label="Search" />
    </AppShell>,
  );
  await person.keyboard("{Control>}l{/Control}");
  expect(lock).toHaveBeenCalledOnce();
  await person.keyboard("{Control>},{/Control}");
  expect(go).toHaveBeenCalledWith("settings");
  await person.type(screen.getByLabelText("Search"), "?");
  expect(screen.queryByRole("dialog"), "a letter while somebody writes").toBeNull();
  await person.click(document.body);
  await person.keyboard("?");
  expect(screen.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeDefined();
  await expectAccessible();
});
