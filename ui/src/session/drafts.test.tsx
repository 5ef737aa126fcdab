import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { App } from "../App";
import type { Phase } from "../api/bindings";
import { answering, done } from "../testing/commands";
import { bounds, openWith, shop, standing } from "../testing/people";
import { account, open } from "../testing/shop";
import { view } from "../testing/view";

const locked: Phase = { kind: "locked", email: "anna@example.com", name: "Anna" };
const closed: Phase = { kind: "closed", ended: false };

/** The console of somebody in the settings, where they have changed the minutes and not saved. */
async function begun() {
  const where = { status: openWith() };
  answering({
    status: () => done(where.status),
    unlock: () => done(openWith()),
    shop: () => done(shop),
    policyBounds: () => Promise.resolve(bounds),
    accounts: () => done({ rows: [], next: null }),
    countAccounts: () => done(0),
    touch: () => done(null),
  });
  const { person } = view(<App />);
  /** The program below says that the console stands elsewhere. */
  const turn = async (status: typeof where.status) => {
    where.status = status;
    await act(async () => void window.dispatchEvent(new Event("focus")));
  };
  const settings = async () => {
    await screen.findByRole("navigation", { name: "Sections" });
    await person.keyboard("{Control>},{/Control}");
    return screen.findByLabelText<HTMLInputElement>("Lock when nobody is there");
  };
  const field = await settings();
  await person.clear(field);
  await person.type(field, "5");
  await person.tab();
  return { person, turn, settings };
}

test("what is not saved is still there for the same person after the lock", async () => {
  const { person, turn } = await begun();
  await turn(standing(locked));
  await screen.findByRole("heading", { name: "Locked" });
  expect(document.body.textContent, "nothing of it can be seen meanwhile").not.toContain("Lock when nobody");
  await person.keyboard("four quiet brass keys{Enter}");
  const field = await screen.findByLabelText<HTMLInputElement>("Lock when nobody is there");
  expect(field.value).toBe("5");
  expect(screen.getByRole("button", { name: "Discard changes" }), "still not saved").toBeDefined();
});

test("what is not saved goes with the session", async () => {
  const { person, turn, settings } = await begun();
  await turn(standing(locked));
  answering({ signOut: () => done(standing(closed)), signIn: () => done(openWith()) });
  await person.click(await screen.findByRole("button", { name: "Sign out instead" }));
  await screen.findByRole("heading", { name: "Sign in to Anna's Shop" });
  await turn(openWith());
  await person.keyboard("anna@example.com{Tab}four quiet brass keys{Enter}");
  expect((await settings()).value, "as it is saved").toBe("10");
});

test("what one person did not save is not for another", async () => {
  const { person, turn, settings } = await begun();
  await turn(standing(locked));
  const mia = open({ account: account({ id: "mia", name: "Mia", role: "owner" }) });
  answering({ unlock: () => done(mia) });
  await turn(mia);
  await person.keyboard("{Enter}");
  expect((await settings()).value, "as it is saved").toBe("10");
});
