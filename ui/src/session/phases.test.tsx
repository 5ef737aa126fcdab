import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { App } from "../App";
import { call } from "../api/client";
import { say } from "../components/toasts";
import { answering, askedFor, done, refused } from "../testing/commands";
import { bounds, openWith, shop, standing } from "../testing/people";
import { expectAccessible, view } from "../testing/view";

const closed = standing({ kind: "closed", ended: false });
const locked = standing({ kind: "locked", email: "anna@example.com", name: "Anna" });
const store = "/home/anna/shop.keyholder";
const page = { rows: [], next: null };
const begun = { qr: "<svg/>", groups: ["JBSW"], account: "anna", issuer: "Shop" };
const usual = {
  shop: () => done(shop),
  policyBounds: () => Promise.resolve(bounds),
  accounts: () => done(page),
  countAccounts: () => done(0),
  touch: () => done(null),
  reached: () => Promise.resolve(),
};

test("without a store the first start begins, and goes on where the program says", async () => {
  const setUp = openWith([{ kind: "offer_second_factor" }, { kind: "confirm_recovery_key" }]);
  answering({
    ...usual,
    status: () => done(standing({ kind: "no_store" })),
    setUpShop: () => done(setUp),
    beginSecondFactor: () => done(begun),
  });
  const { person } = view(<App />);
  await person.click(await screen.findByRole("button", { name: "Set up a new shop here" }));
  expect(await screen.findByText("Step 1 of 3")).toBeDefined();
  await expectAccessible();
  await person.keyboard("Anna's Shop{Tab}Anna{Tab}anna@example.com{Tab}four quiet brass keys{Enter}");
  expect(await screen.findByText("Step 2 of 3"), "the phone comes next").toBeDefined();
  expect(askedFor("setUpShop")).toEqual([
    ["Anna's Shop", "anna@example.com", "Anna", "four quiet brass keys"],
  ]);
  await expectAccessible();
});

test("a restart in the middle of the first start continues with the recovery key", async () => {
  answering({
    ...usual,
    status: () => done(openWith([{ kind: "confirm_recovery_key" }])),
    recoveryKeyShow: () =>
      done({ groups: ["AAAAA", "BBBBB", "CCCCC"], asked: [0, 2], shop: "S", made_at: "" }),
    recoveryKeyConfirm: () => done(openWith()),
  });
  const { person } = view(<App />);
  expect(await screen.findByText("Step 3 of 3")).toBeDefined();
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "I have it safe" }));
  await person.keyboard("aaaaa{Tab}ccccc{Enter}");
  expect(await screen.findByRole("navigation", { name: "Sections" }), "the console is open").toBeDefined();
  expect(askedFor("recoveryKeyConfirm")).toEqual([[["aaaaa", "ccccc"]]]);
  expect(askedFor("recoveryKeyShow").length, "each question could make another key").toBe(1);
});

test("recovery codes stay until they are saved, whatever is learnt meanwhile", async () => {
  let duties: Parameters<typeof openWith>[0] = [{ kind: "set_up_second_factor" }];
  answering({
    ...usual,
    status: () => done(openWith(duties)),
    beginSecondFactor: () => done(begun),
    confirmSecondFactor: () => {
      duties = [];
      return done({
        codes: ["7K2M0-9QX4T"],
        account: "anna@example.com",
        shop: "Shop",
        made_at: "2026-11-01T10:00:00Z",
      });
    },
  });
  const { person } = view(<App />);
  await person.type(await screen.findByLabelText("Code the app shows now"), "123456{Enter}");
  expect(await screen.findByText("7K2M0-9QX4T")).toBeDefined();
  act(() => void window.dispatchEvent(new Event("focus")));
  await waitFor(() => expect(askedFor("status").length).toBeGreaterThan(0));
  await person.keyboard("{Escape}");
  expect(screen.getByText("7K2M0-9QX4T"), "Escape loses nothing").toBeDefined();
  await person.click(screen.getByRole("checkbox", { name: "I have saved them" }));
  await person.click(screen.getByRole("button", { name: "Done" }));
  expect(await screen.findByRole("navigation", { name: "Sections" })).toBeDefined();
});

test("signing in asks for the code; a recovery code does as well", async () => {
  answering({
    ...usual,
    status: () => done(closed),
    signIn: () => done(standing({ kind: "second_factor", email: "anna@example.com" })),
    giveCode: () => refused("wrong_credentials"),
    giveRecoveryCode: () => done(openWith()),
  });
  const { person } = view(<App />);
  await screen.findByRole("heading", { name: "Sign in to Anna's Shop" });
  await person.keyboard("anna@example.com{Tab}four quiet brass keys{Enter}");
  await person.type(await screen.findByLabelText("Code"), "123456");
  expect(await screen.findByText(/That did not match/)).toBeDefined();
  await person.click(screen.getByRole("button", { name: "Use a recovery code" }));
  expect(screen.queryByText(/That did not match/), "that was the other kind").toBeNull();
  await person.keyboard("7k2m0 9qx4t b3h80{Enter}");
  expect(await screen.findByRole("navigation", { name: "Sections" })).toBeDefined();
});

test("an enrolment code leads in, and every refusal stands where it belongs", async () => {
  answering({
    ...usual,
    status: () => done(closed),
    redeemEnrolment: (_, code) => (code === "GOOD" ? done(openWith()) : refused("enrolment_refused")),
  });
  const { person } = view(<App />);
  await person.click(await screen.findByRole("button", { name: "I have an enrolment code" }));
  await person.keyboard("ben@example.com{Tab}BAD{Tab}four quiet brass keys{Enter}");
  expect(await screen.findByText(/enrolment code is wrong, used or too old/)).toBeDefined();
  await expectAccessible();
  const field = screen.getByLabelText("Enrolment code");
  await person.clear(field);
  await person.type(field, "GOOD{Enter}");
  expect(await screen.findByRole("navigation", { name: "Sections" })).toBeDefined();
});

test("a refusal that says locked hides everything at once, and forgets it", async () => {
  let status = openWith();
  answering({
    ...usual,
    status: () => done(status),
    unlock: () => done(openWith()),
    verifyTrail: () => refused("session_locked"),
  });
  const { person } = view(<App />);
  await screen.findByRole("navigation", { name: "Sections" });
  await person.keyboard("{Control>},{/Control}");
  await screen.findByRole("heading", { name: "Shop" });
  act(() => say("Ben was unlocked"));
  status = locked;
  await act(() => call("verifyTrail"));
  expect(screen.queryByRole("navigation", { name: "Sections" }), "nothing of the console is left").toBeNull();
  expect(screen.queryByText("Ben was unlocked"), "nor of what was done").toBeNull();
  expect(screen.getByText("Nobody touched it for 10 minutes, so it locked itself.")).toBeDefined();
  await expectAccessible();
  await person.keyboard("four quiet brass keys{Enter}");
  expect(await screen.findByRole("navigation", { name: "Sections" })).toBeDefined();
});

test("Ctrl+L locks by hand and says so, and unlocking leads back to where one was", async () => {
  answering({
    ...usual,
    status: () => done(openWith()),
    lock: () => done(locked),
    unlock: () => done(openWith()),
    about: () => refused("not_found"),
  });
  const { person } = view(<App />);
  await screen.findByRole("navigation", { name: "Sections" });
  await person.keyboard("{Control>},{/Control}");
  await screen.findByRole("heading", { name: "Settings" });
  await person.keyboard("{Control>}l{/Control}");
  expect(await screen.findByText("You locked it.")).toBeDefined();
  await person.keyboard("four quiet brass keys{Enter}");
  expect(await screen.findByRole("heading", { name: "Settings" })).toBeDefined();
  answering({ status: () => done(locked) });
  act(() => void window.dispatchEvent(new Event("focus")));
  expect(await screen.findByText(/so it locked itself/), "the next lock has its own reason").toBeDefined();
});

test("the sample shop says how it is unlocked", async () => {
  answering({ ...usual, status: () => done({ ...locked, place: { kind: "demo" } }) });
  view(<App />);
  expect(await screen.findByText(/The password of the sample shop is/)).toBeDefined();
  await expectAccessible();
});

test("an ended session leads to signing in and says why", async () => {
  answering({ ...usual, status: () => done(openWith()), verifyTrail: () => refused("session_ended") });
  view(<App />);
  await screen.findByRole("navigation", { name: "Sections" });
  answering({ status: () => done(standing({ kind: "closed", ended: true })) });
  await act(() => call("verifyTrail"));
  expect(screen.getByText("Your session has ended. Sign in again to go on.")).toBeDefined();
});

test("a locked keychain can be tried again, and the recovery key is a way around it", async () => {
  answering({
    ...usual,
    status: () => done(standing({ kind: "key_needed", why: "locked", store })),
    retryKeychain: () => done(standing({ kind: "key_needed", why: "missing", store })),
    openWithRecoveryKey: () => done(closed),
  });
  const { person } = view(<App />);
  expect(await screen.findByRole("heading", { name: "This computer's keychain is locked" })).toBeDefined();
  expect(screen.getByText(store), "support asks where the data is").toBeDefined();
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "Look in the keychain again" }));
  await person.type(await screen.findByLabelText("Recovery key"), "aaaaa bbbbb{Enter}");
  expect(await screen.findByRole("heading", { name: "Sign in to Anna's Shop" })).toBeDefined();
  expect(screen.getByText("The keychain of this computer has the key again.")).toBeDefined();
  expect(screen.queryByRole("region", { name: "The key is not kept" }), "nothing to remind of").toBeNull();
});

test("looking in the keychain again says that it looked, also where nothing has changed", async () => {
  const needed = standing({ kind: "key_needed", why: "silent", store });
  answering({ ...usual, status: () => done(needed), retryKeychain: () => done(needed) });
  const { person } = view(<App />);
  await person.click(await screen.findByRole("button", { name: "Look in the keychain again" }));
  const said = await screen.findByText(/^Looked again at .*\d:\d.*\. Nothing has changed\.$/);
  expect(said.role, "read out").toBe("status");
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "Use the recovery key instead" }));
  await person.click(screen.getByRole("button", { name: "Look in the keychain again" }));
  expect(await screen.findByText(/^Looked again at/), "there too").toBeDefined();
});

test("a key that the keychain did not take is spoken of until it has it", async () => {
  const open = { ...openWith(), key_not_kept: "locked" as const };
  answering({
    ...usual,
    status: () => done({ ...closed, key_not_kept: "locked" as const }),
    signIn: () => done(open),
    lock: () => done({ ...locked, key_not_kept: "locked" as const }),
    unlock: () => done(open),
    keepKey: () => done(open),
  });
  const { person } = view(<App />);
  const reminder = () => within(screen.getByRole("region", { name: "The key is not kept" }));
  await screen.findByRole("heading", { name: "Sign in to Anna's Shop" });
  expect(reminder().getByText(/you need the recovery key at each start/)).toBeDefined();
  expect(reminder().getByText(/Unlock it with the password of this computer/), "what to do").toBeDefined();
  await person.keyboard("anna@example.com{Tab}four quiet brass keys{Enter}");
  await screen.findByRole("navigation", { name: "Sections" });
  await person.click(reminder().getByRole("button", { name: "Try again" }));
  expect(await reminder().findByText(/^Tried again at/), "it was tried").toBeDefined();
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "Lock" }));
  await screen.findByRole("heading", { name: "Locked" });
  expect(reminder().queryByRole("button"), "locked means locked").toBeNull();
  await person.keyboard("four quiet brass keys{Enter}");
  await screen.findByRole("navigation", { name: "Sections" });
  answering({ keepKey: () => done(openWith()) });
  await person.click(reminder().getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("The keychain of this computer has the key again.")).toBeDefined();
  expect(screen.queryByRole("region", { name: "The key is not kept" })).toBeNull();
});

test("a store that cannot be opened says what happened and can be tried again", async () => {
  const error = { code: "in_use" as const, number: "KH-1058", refusal: null, until: null };
  answering({ ...usual, status: () => done(standing({ kind: "unusable", error })) });
  const { person } = view(<App />);
  expect(await screen.findByText("Keyholder is open already")).toBeDefined();
  expect(screen.getByText("KH-1058")).toBeDefined();
  await expectAccessible();
  answering({ status: () => done(closed), retryKeychain: () => done(closed) });
  await person.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: "Sign in to Anna's Shop" })).toBeDefined();
});

test("the sample shop says so on every screen", async () => {
  answering({ ...usual, status: () => done({ ...closed, place: { kind: "demo" } }) });
  view(<App />);
  expect(await screen.findByRole("complementary", { name: "Sample shop" })).toBeDefined();
  await expectAccessible();
});

test("the program is told of activity, but not of every key", async () => {
  answering({ ...usual, status: () => done(openWith()) });
  const { person } = view(<App />);
  await screen.findByRole("navigation", { name: "Sections" });
  await person.keyboard("abc");
  expect(askedFor("touch").length, "once in twenty seconds").toBe(1);
});

test("the program hears that the first screen is painted, and later that it shows its data", async () => {
  let arrive = () => {};
  const list = new Promise<Awaited<ReturnType<typeof done<typeof page>>>>((resolve) => {
    arrive = () => resolve({ status: "ok", data: page });
  });
  answering({ ...usual, status: () => done(openWith()), accounts: () => list });
  view(<App />);
  await screen.findByRole("grid", { name: "Accounts" });
  const reached = () => askedFor("reached").map(([step]) => step);
  await waitFor(() => expect(reached(), "so far there are skeletons").toEqual(["shown"]));
  arrive();
  await waitFor(() => expect(reached(), "once each").toEqual(["shown", "loaded"]));
});

test("a reminder leads to what it reminds of, or is put off", async () => {
  answering({
    ...usual,
    status: () => done(openWith([{ kind: "offer_second_factor" }])),
    putOffSecondFactor: () => done(openWith()),
  });
  const { person } = view(<App />);
  const reminders = await screen.findByRole("region", { name: "Reminders" });
  expect(reminders.textContent).toContain("Add your phone as a second key");
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "Remind me later" }));
  await waitFor(() => expect(screen.queryByRole("region", { name: "Reminders" })).toBeNull());
});

test("a leaked password is changed before anything else", async () => {
  answering({
    ...usual,
    status: () => done(openWith([{ kind: "change_password", breached: 12 }])),
    changePassword: () => done(openWith()),
  });
  const { person } = view(<App />);
  expect(await screen.findByText(/found in data leaks, 12 times/)).toBeDefined();
  await expectAccessible();
  await person.keyboard("an old password");
  await person.type(screen.getByLabelText("New password"), "four quiet brass keys{Enter}");
  expect(await screen.findByRole("navigation", { name: "Sections" })).toBeDefined();
  expect(askedFor("changePassword")).toEqual([["an old password", "four quiet brass keys"]]);
});
