import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { expectAccessible, view } from "../testing/view";
import { RedeemEnrolment } from "./enrolment/RedeemEnrolment";
import { RecoveryKeyStep } from "./first-start/RecoveryKeyStep";
import { SecondFactorStep } from "./first-start/SecondFactorStep";
import { ShopStep } from "./first-start/ShopStep";
import { Locked } from "./locked/Locked";
import { RecoveryKeyEntry } from "./recovery/RecoveryKeyEntry";
import { SecondFactor } from "./sign-in/SecondFactor";
import { SignIn } from "./sign-in/SignIn";

const nothing = () => {};

test("the first step asks for four things and hands them over together", async () => {
  const submit = vi.fn();
  const { person } = view(
    <ShopStep
      onChange={nothing}
      judgement={{ strength: undefined, reasons: [], shortest: 15 }}
      errors={{}}
      pending={false}
      onSubmit={submit}
      onBack={nothing}
    />,
  );
  await expectAccessible();
  await person.keyboard("Anna's Shop{Tab}Anna{Tab}anna@example.com{Tab}four quiet brass keys{Enter}");
  expect(submit, "by keyboard alone, from the first field on").toHaveBeenCalledWith({
    shop: "Anna's Shop",
    name: "Anna",
    email: "anna@example.com",
    password: "four quiet brass keys",
  });
});

test("a second factor is confirmed by a code, or put off", async () => {
  const confirm = vi.fn();
  const later = vi.fn();
  const { person } = view(
    <SecondFactorStep
      counted
      onSignOut={nothing}
      qr="<svg xmlns='http://www.w3.org/2000/svg'/>"
      secret={["JBSW", "Y3DP"]}
      pending={false}
      onConfirm={confirm}
      onPutOff={later}
    />,
  );
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "Confirm" }));
  expect(screen.getByText("The code has six digits."), "said, not sent").toBeDefined();
  await person.type(screen.getByLabelText("Code the app shows now"), "123456{Enter}");
  expect(confirm).toHaveBeenCalledWith("123456");
  await person.click(screen.getByRole("button", { name: "Not now, remind me later" }));
  expect(later).toHaveBeenCalledOnce();
});

test("the recovery key is hidden while two of its groups are asked back", async () => {
  const confirm = vi.fn();
  const { person } = view(
    <RecoveryKeyStep
      counted
      onCopy={nothing}
      onLater={nothing}
      groups={["AAAAA", "BBBBB", "CCCCC"]}
      asked={[1, 3]}
      onPrint={nothing}
      onSave={nothing}
      onConfirm={confirm}
      pending={false}
    />,
  );
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "I have it safe" }));
  expect(screen.queryByText("AAAAA"), "or it would prove nothing").toBeNull();
  await person.keyboard("aaaaa{Tab}ccccc{Enter}");
  expect(screen.getByLabelText("Group 3")).toBeDefined();
  expect(confirm).toHaveBeenCalledWith(["aaaaa", "ccccc"]);
  await expectAccessible();
});

test("signing in never says which of the two was wrong", async () => {
  const submit = vi.fn();
  const { person } = view(
    <SignIn
      shop="Anna's Shop"
      email="anna@example.com"
      onEmail={nothing}
      pending={false}
      error="That did not match."
      onSubmit={submit}
      onEnrolmentCode={nothing}
    />,
  );
  await person.keyboard("a password{Enter}");
  expect(submit, "the focus waits in the password where the e-mail is known").toHaveBeenCalledWith(
    "a password",
  );
  await expectAccessible();
});

test("the code is sent with its last digit; without the phone a recovery code does", async () => {
  const code = vi.fn();
  const recovery = vi.fn();
  const { person } = view(
    <SecondFactor pending={false} onCode={code} onRecoveryCode={recovery} onCancel={nothing} />,
  );
  await person.keyboard("123 456");
  expect(code.mock.calls, "once").toEqual([["123456"]]);
  await person.click(screen.getByRole("button", { name: "Use a recovery code" }));
  await person.keyboard("7k2m0 9qx4t b3h80{Enter}");
  expect(recovery, "as typed: the rules below know the spellings").toHaveBeenCalledWith("7k2m0 9qx4t b3h80");
  await expectAccessible();
});

test("locked says that it is not signed out, and why", async () => {
  const unlock = vi.fn();
  const { person } = view(
    <Locked
      person={{ name: "Anna", email: "anna@example.com" }}
      why="idle"
      idleMinutes={15}
      pending={false}
      onUnlock={unlock}
      onSignOut={nothing}
    />,
  );
  expect(screen.getByText(/you are still signed in/)).toBeDefined();
  expect(screen.getByText(/15 minutes/)).toBeDefined();
  await person.keyboard("a password{Enter}");
  expect(unlock).toHaveBeenCalledWith("a password");
  await expectAccessible();
});

test("a store without its key asks for the recovery key", async () => {
  const submit = vi.fn();
  const { person } = view(
    <RecoveryKeyEntry
      lost
      store="/home/anna/shop.keyholder"
      pending={false}
      onSubmit={submit}
      again={{ look: nothing, pending: false, said: undefined }}
    />,
  );
  expect(screen.getByText("/home/anna/shop.keyholder"), "support asks where it is").toBeDefined();
  await person.keyboard("aaaaa bbbbb{Enter}");
  expect(submit).toHaveBeenCalledWith("aaaaa bbbbb");
  await expectAccessible();
});

test("an enrolment code leads to a password of one's own", async () => {
  const submit = vi.fn();
  const { person } = view(
    <RedeemEnrolment
      onChange={nothing}
      judgement={{ strength: 4, reasons: [], shortest: 15 }}
      errors={{}}
      pending={false}
      onSubmit={submit}
      onBack={nothing}
    />,
  );
  await person.keyboard("ben@example.com{Tab}ABCD EFGH{Tab}four quiet brass keys{Enter}");
  expect(submit).toHaveBeenCalledWith({
    email: "ben@example.com",
    code: "ABCD EFGH",
    password: "four quiet brass keys",
  });
  await expectAccessible();
});
