import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, askedFor, done, refused } from "../../testing/commands";
import { consoleAt } from "../../testing/console";
import { annasPage, openWith, shop } from "../../testing/people";
import { expectAccessible } from "../../testing/view";

const codes = {
  codes: ["7K2M0-9QX4T"],
  account: "anna@example.com",
  shop: "S",
  made_at: "2026-11-01T10:00:00Z",
};
const usual = {
  account: () => done(annasPage),
  shop: () => done(shop),
  forgetShown: () => done(null),
};

test("one's own account says what it knows of its keys", async () => {
  consoleAt("/me", usual);
  expect(await screen.findByText(/8 recovery codes are left/)).toBeDefined();
  expect(screen.getByText("This window"), "which session is this one").toBeDefined();
  await expectAccessible();
});

test("a new password is judged as one types and refused with its reasons", async () => {
  const { person } = consoleAt("/me", {
    ...usual,
    passwordStrength: () => done({ score: 1, weaknesses: [{ kind: "tooShort", have: 5, need: 15 }] }),
    changePassword: () => refused("weak_password", { kind: "weak_password", data: [{ kind: "common" }] }),
  });
  await person.click(await screen.findByRole("button", { name: "Change password" }));
  await person.keyboard("the present one{Tab}{Tab}short");
  expect(await screen.findByText("It has 5 characters and needs 15.")).toBeDefined();
  expect(screen.getByRole("meter").getAttribute("aria-valuetext"), "in words").toBe("Easy to guess");
  await person.keyboard("{Enter}");
  expect(
    await screen.findByText(/one of the passwords everybody tries first\. Take a few words/),
  ).toBeDefined();
  await expectAccessible();
  answering({ changePassword: () => done(openWith()) });
  await person.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(await screen.findByText(/Your password is changed/)).toBeDefined();
  expect(askedFor("changePassword").at(-1)).toEqual(["the present one", "short"]);
});

test("a phone is set up and its recovery codes are left only by somebody who kept them", async () => {
  const { person } = consoleAt("/me?open=second-factor", {
    ...usual,
    beginSecondFactor: () => done({ qr: "<svg/>", groups: ["JBSW"], account: "anna", issuer: "Shop" }),
    confirmSecondFactor: () => done(codes),
    copyShown: () => done({ cleared_in_secs: 30 }),
  });
  await person.type(await screen.findByLabelText("Code the app shows now"), "123456{Enter}");
  expect(await screen.findByText("7K2M0-9QX4T")).toBeDefined();
  await person.keyboard("{Escape}");
  expect(screen.getByText("7K2M0-9QX4T"), "Escape loses nothing").toBeDefined();
  await expectAccessible(screen.getByRole("dialog"));
  await person.click(screen.getByRole("button", { name: "Copy" }));
  expect(await screen.findByText("Copied. It leaves the clipboard in 30 seconds.")).toBeDefined();
  await person.click(screen.getByRole("checkbox", { name: "I have saved them" }));
  await person.click(screen.getByRole("button", { name: "Done" }));
  await waitFor(() => expect(screen.queryByText("7K2M0-9QX4T")).toBeNull());
  expect(askedFor("forgetShown"), "forgotten below, too").toContainEqual(["recovery_codes"]);
});

test("removing the second factor asks for the password; a wrong one removes nothing", async () => {
  const { person } = consoleAt("/me", {
    ...usual,
    removeSecondFactor: (password) =>
      password === "right" ? done(openWith()) : refused("wrong_credentials"),
  });
  await person.click(await screen.findByRole("button", { name: "Remove" }));
  await person.keyboard("wrong{Enter}");
  expect(await screen.findByText(/That did not match/)).toBeDefined();
  await expectAccessible(screen.getByRole("dialog"));
  await person.clear(screen.getByLabelText("Your password"));
  await person.type(screen.getByLabelText("Your password"), "right{Enter}");
  expect(await screen.findByText(/The second factor is removed/)).toBeDefined();
});

test("a role that must have a second factor cannot remove it, and is told why", async () => {
  consoleAt("/me", {
    ...usual,
    shop: () => done({ ...shop, policy: { ...shop.policy, second_factor_required: ["owner"] } }),
  });
  await screen.findByText(/asks everybody with your role for a second factor\. You can set it up on another/);
  const remove = screen.getByRole("button", { name: "Remove" });
  expect(remove.getAttribute("aria-disabled"), "the policy says so").toBe("true");
});

test("a session elsewhere is ended, this one is not offered", async () => {
  const { person } = consoleAt("/me", { ...usual, endSession: () => done(null) });
  const list = within(await screen.findByRole("region", { name: "Where you are signed in" }));
  const buttons = list.getAllByRole("button");
  expect(buttons.length, "only the other one").toBe(1);
  await person.click(list.getByRole("button", { name: "Sign out on office" }));
  expect(await screen.findByText("You are signed out there.")).toBeDefined();
  expect(askedFor("endSession")).toEqual([["anna", "there"]]);
});
