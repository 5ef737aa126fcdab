import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { AccountPage } from "../../api/bindings";
import { answering, done, refused } from "../../testing/commands";
import { consoleAt } from "../../testing/console";
import { account, anna, event, gates, open, page, session } from "../../testing/shop";
import { expectAccessible } from "../../testing/view";

const mark = { at: "2026-11-02T09:00:00Z", by: "anna@example.com", reason: "Lost phone" };
const locked = page({
  account: account({ locked: mark }),
  standing: "locked",
  gates: gates({ gate: { kind: "not_locked" }, open: false, opens_at: null }),
});

/** A shop in which the page is what it was last changed to. */
function shop(first: AccountPage | null) {
  const state = { page: first };
  return {
    state,
    answers: {
      account: () => done(state.page),
      events: () => done({ rows: [event(7, { reason: "Called from the shop" })], next: null }),
    },
  };
}

test("it says whether they can sign in, which gate is shut and why", async () => {
  consoleAt("/accounts/ben", shop(locked).answers);
  const gates = await screen.findByRole("region", { name: "Can they sign in now?" });
  expect(within(gates).getByRole("heading", { name: "No, Ben cannot sign in." })).toBeDefined();
  expect(within(gates).getByText("Blocks"), "the gate that is shut is marked").toBeDefined();
  expect(gates.textContent).toContain("By anna@example.com: Lost phone");
  const happened = await screen.findByText("anna@example.com unlocked ben@example.com");
  expect(happened, "what happened last, in words").toBeDefined();
  await expectAccessible();
});

test("unlocking waits for the truth, then says it, and can be undone", async () => {
  const { state, answers } = shop(locked);
  const unlock = vi.fn(() => {
    state.page = page();
    return done(account());
  });
  const lock = vi.fn(() => {
    state.page = locked;
    return done(locked.account);
  });
  const { person } = consoleAt("/accounts/ben", { ...answers, unlockAccount: unlock, lockAccount: lock });
  await person.click(await screen.findByRole("button", { name: "Unlock account" }));
  const dialog = await screen.findByRole("dialog", { name: "Unlock Ben?" });
  await person.keyboard("{Enter}");
  expect(unlock, "no reason, no act").not.toHaveBeenCalled();
  await expectAccessible(dialog);
  await person.keyboard("It is him{Enter}");
  expect(await screen.findByText("Ben is unlocked.")).toBeDefined();
  expect(unlock).toHaveBeenCalledWith("ben", "It is him");
  expect(screen.getByRole("heading", { name: "Yes, Ben can sign in." }), "already true").toBeDefined();
  await person.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("Ben is locked.")).toBeDefined();
  expect(lock, "as it was before").toHaveBeenCalledWith("ben", "Lost phone");
});

test("only the last thing done to an account can be undone", async () => {
  const { state, answers } = shop(page());
  const act = (next: AccountPage) => () => {
    state.page = next;
    return done(next.account);
  };
  const lockedNow = page({ account: account({ locked: mark, revision: 2 }), standing: "locked" });
  const disabledNow = page({ account: account({ locked: mark, disabled: mark, revision: 3 }) });
  const unlock = vi.fn(() => done(account()));
  const { person } = consoleAt("/accounts/ben", {
    ...answers,
    lockAccount: act(lockedNow),
    disableAccount: act(disabledNow),
    unlockAccount: unlock,
  });
  await person.click(await screen.findByRole("button", { name: "Lock account" }));
  await person.keyboard("Lost phone{Enter}");
  await screen.findByText("Ben is locked.");
  // Somebody looks at the messages: they stay.
  fireEvent.pointerEnter(screen.getByRole("region", { name: "Messages" }));
  await person.click(screen.getByRole("button", { name: "Disable account" }));
  await person.keyboard("Left the shop{Enter}");
  await screen.findByText("Ben is disabled.");
  expect(screen.getByText("Ben is locked."), "still to be read").toBeDefined();
  const [undo, ...others] = screen.getAllByRole("button", { name: "Undo" });
  expect(others, "the way back leads from the last act alone").toEqual([]);

  // Somebody else, elsewhere, in the meantime.
  state.page = page({ account: account({ locked: mark, name: "Benjamin", revision: 4 }) });
  const enable = vi.fn(() => done(account()));
  answering({ enableAccount: enable });
  await person.click(undo as HTMLElement);
  expect(
    await screen.findByText(/Something else was done to Ben since, so nothing was undone/),
  ).toBeDefined();
  expect(enable, "nothing else was undone").not.toHaveBeenCalled();
  expect(unlock).not.toHaveBeenCalled();
});

test("a name without end is cut in sentences and stands whole on its page", async () => {
  const name = "Wolfeschlegelsteinhausenbergerdorff".repeat(6).slice(0, 200);
  const { person } = consoleAt("/accounts/ben", shop(page({ account: account({ name }) })).answers);
  expect(await screen.findByRole("heading", { level: 1, name }), "whole").toBeDefined();
  const cut = `${name.slice(0, 60)}…`;
  expect(await screen.findByRole("heading", { name: `Yes, ${cut} can sign in.` })).toBeDefined();
  await person.click(screen.getByRole("button", { name: "Lock account" }));
  expect(
    await screen.findByRole("dialog", { name: `Lock ${cut}?` }),
    "the question can be read",
  ).toBeDefined();
});

test("a refusal stays in the dialog, and nothing is claimed", async () => {
  const disable = () => refused("last_owner");
  const owner = page({ account: account({ role: "owner" }) });
  const { person } = consoleAt("/accounts/ben", { ...shop(owner).answers, disableAccount: disable });
  await person.click(await screen.findByRole("button", { name: "Disable account" }));
  await screen.findByRole("dialog", { name: "Disable Ben?" });
  await person.keyboard("Left the shop{Enter}");
  expect(await screen.findByText(/This is the last owner who can sign in/)).toBeDefined();
  expect(screen.queryByText("Ben is disabled.")).toBeNull();
});

test("somebody else was faster: it shows what they changed and goes on from there", async () => {
  const { state, answers } = shop(page());
  const edit = vi
    .fn()
    .mockImplementationOnce(() => {
      state.page = page({ account: account({ revision: 2, role: "support" }) });
      return refused("conflict");
    })
    .mockImplementation((_id, revision, email, name, role) =>
      done(account({ revision: revision + 1, email, name, role })),
    );
  const { person } = consoleAt("/accounts/ben", { ...answers, editAccount: edit });
  await person.click(await screen.findByRole("button", { name: "Edit" }));
  const dialog = await screen.findByRole("dialog", { name: "Edit Ben" });
  const name = within(dialog).getByRole("textbox", { name: "Name" });
  await person.clear(name);
  await person.type(name, "Benny{Enter}");
  const quicker = within(await screen.findByRole("dialog", { name: "Somebody else was quicker" }));
  const role = within(quicker.getByRole("region", { name: "Role" }));
  expect(role.getByText("When you looked:").textContent, "what it was").toContain("Staff");
  expect(role.getByRole<HTMLInputElement>("radio", { name: "Now: Support" }).checked, "theirs alone").toBe(
    true,
  );
  const named = within(quicker.getByRole("region", { name: "Name" }));
  expect(named.getByRole<HTMLInputElement>("radio", { name: "Yours: Benny" }).checked, "mine alone").toBe(
    true,
  );
  await expectAccessible();
  await person.click(quicker.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Benny is saved.")).toBeDefined();
  expect(edit, "their role is kept, and my name").toHaveBeenLastCalledWith(
    "ben",
    2,
    "ben@example.com",
    "Benny",
    "support",
  );
});

test("a session is known by its program and computer, and is ended by itself", async () => {
  const { state, answers } = shop(page({ sessions: [session(), session({ id: "s2", current: true })] }));
  const end = vi.fn(() => {
    state.page = page();
    return done(null);
  });
  const { person } = consoleAt("/accounts/ben", { ...answers, endSession: end });
  const sessions = await screen.findByRole("region", { name: "Signed in now" });
  expect(within(sessions).getByText("This window"), "one's own is not ended here").toBeDefined();
  await person.click(within(sessions).getByRole("button", { name: /^Sign out .* on BEN-PC$/ }));
  expect(end).toHaveBeenCalledWith("ben", "s1");
  expect(await screen.findByText("Ben is signed out there.")).toBeDefined();
  expect(within(sessions).getByText("They are not signed in anywhere.")).toBeDefined();
});

test("a new enrolment code is shown once, by keyboard alone", async () => {
  const issue = vi.fn(() =>
    done({ code: "ABCD-EFGH-JKMN", expires_at: "2026-11-05T09:00:00Z", account: account() }),
  );
  const { person } = consoleAt("/accounts/ben", {
    ...shop(page()).answers,
    issueEnrolment: issue,
    forgetShown: () => done(null),
  });
  const button = await screen.findByRole("button", { name: "New enrolment code" });
  while (document.activeElement !== button) await person.tab();
  await person.keyboard("{Enter}");
  await screen.findByRole("dialog", { name: "New enrolment code for Ben?" });
  await person.keyboard("{Enter}");
  expect(await screen.findByRole("dialog", { name: "Enrolment code for Ben" })).toBeDefined();
  expect(issue, "the reason may be left out").toHaveBeenCalledWith("ben", "");
  await person.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog"), "gone for good").toBeNull());
});

test("support sees what only an owner may do, and one's own account is safe from oneself", async () => {
  const support = { ...anna, role: "support" as const };
  const rights = ["read_accounts", "lock_accounts", "edit_accounts"] as const;
  const { unmount } = consoleAt(
    "/accounts/ben",
    shop(page({ account: account({ role: "owner" }) })).answers,
    open({ account: support, rights: [...rights] }),
  );
  const lock = await screen.findByRole("button", { name: "Lock account" });
  expect(lock.getAttribute("aria-disabled")).toBe("true");
  const why = document.getElementById(lock.getAttribute("aria-describedby") ?? "");
  expect(why?.textContent).toBe("Only an owner may do this to this account. Ask one.");
  expect(screen.queryByRole("region", { name: "What happened last" }), "no right to the trail").toBeNull();
  unmount();

  consoleAt("/accounts/anna", shop(page({ account: anna, own: true })).answers);
  const own = await screen.findByRole("button", { name: "Delete account" });
  expect(own.getAttribute("aria-disabled"), "nobody saws off their own branch").toBe("true");
});

test("in the recycle bin there is one thing to do; after it, nothing", async () => {
  const binned = page({
    account: account({ deleted: mark }),
    standing: "deleted",
    gates: gates({ gate: { kind: "not_deleted" }, open: false, opens_at: null }),
  });
  const { state, answers } = shop(binned);
  const restore = vi.fn(() => {
    state.page = page();
    return done(account());
  });
  const { person, unmount } = consoleAt("/accounts/ben", { ...answers, restoreAccount: restore });
  await person.click(await screen.findByRole("button", { name: "Restore" }));
  expect(await screen.findByText("Ben is restored.")).toBeDefined();
  expect(screen.getByRole("button", { name: "Delete account" }), "all acts are back").toBeDefined();
  unmount();

  consoleAt("/accounts/ben", shop(null).answers);
  expect(await screen.findByRole("heading", { name: "This account is not there any more" })).toBeDefined();
  await expectAccessible();
});
