import { expect, test } from "vitest";
import type { GateState } from "../../api/bindings";
import { gates, page } from "../../testing/shop";
import { verdictOf } from "./verdict";

const waiting: GateState = {
  gate: {
    kind: "tries",
    factor: "password",
    scope: "anywhere",
    state: { state: "waiting", until: "2099-01-01T00:00:00Z" },
  },
  open: false,
  opens_at: "2099-01-01T00:00:00Z",
};
const locked: GateState = { gate: { kind: "not_locked" }, open: false, opens_at: null };

test("the answer on the phone follows from the gates", () => {
  expect(verdictOf(page())).toEqual({ can: "yes" });
  expect(verdictOf(page({ gates: gates(locked) })), "a lock never opens by itself").toMatchObject({
    can: "no",
    opensAt: null,
  });
  expect(verdictOf(page({ gates: gates(waiting), last_sign_in_at: null }))).toMatchObject({
    can: "no",
    opensAt: "2099-01-01T00:00:00Z",
  });
  expect(verdictOf(page({ gates: gates(waiting) })), "a computer they know is counted apart").toMatchObject({
    can: "partly",
  });
  expect(verdictOf(page({ gates: gates(waiting, locked) })), "the worst counts").toMatchObject({ can: "no" });
  const forced: GateState = { gate: { kind: "password_change", forced: true }, open: false, opens_at: null };
  expect(verdictOf(page({ gates: gates(forced) })), "asked, not kept out").toMatchObject({ can: "asked" });
});

test("a phone that is shut keeps nobody out who has recovery codes", () => {
  const phone: GateState = {
    gate: { kind: "tries", factor: "totp", scope: "anywhere", state: { state: "disabled" } },
    open: false,
    opens_at: null,
  };
  const withPhone = page({ gates: [...gates(), phone], last_sign_in_at: null });
  expect(verdictOf(withPhone)).toEqual({ can: "yes" });
  const noCodes = { ...withPhone.second_factor, recovery_codes_left: 0 };
  expect(verdictOf({ ...withPhone, second_factor: noCodes })).toMatchObject({ can: "no" });
});
