import { act, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { App } from "../App";
import type { IpcError, Status } from "../api/bindings";
import { call } from "../api/client";
import { answering, askedFor, done, refused } from "../testing/commands";
import { bounds, shop, standing } from "../testing/people";
import { open } from "../testing/shop";
import { expectAccessible, view } from "../testing/view";

const place = { kind: "service", address: "https://keys.fern.example", security: "vouched" } as const;
const there: Status = { ...open(), place };
const unreachable: IpcError = { code: "unreachable", number: "KH-1080", refusal: null, until: null };

const usual = {
  shop: () => done(shop),
  policyBounds: () => Promise.resolve(bounds),
  accounts: () => done({ rows: [], next: null }),
  countAccounts: () => done(0),
  touch: () => done(null),
  reached: () => Promise.resolve(),
  stopWaiting: () => done(null),
};

test("a line that is lost leaves everything where it is, says so, and goes on by itself", async () => {
  answering({ ...usual, status: () => done(there), verifyTrail: () => refused("unreachable") });
  view(<App />);
  await screen.findByRole("navigation", { name: "Sections" });
  answering({ status: () => done({ ...there, lost: unreachable }) });
  await act(() => call("verifyTrail"));
  expect(await screen.findByText(/What you see is as it was at/)).toBeDefined();
  expect(screen.getByRole("navigation", { name: "Sections" }), "nobody is thrown out").toBeDefined();
  await expectAccessible();
  const before = askedFor("accounts").length;
  answering({ status: () => done(there) });
  expect(await screen.findByText("The service answers again."), "without a press").toBeDefined();
  expect(screen.queryByText(/What you see is as it was at/)).toBeNull();
  await waitFor(() =>
    expect(askedFor("accounts").length, "and looks at everything anew").toBeGreaterThan(before),
  );
});

test("past the moment of the lock a lost line shows nothing of the shop", async () => {
  answering({ ...usual, status: () => done(there), verifyTrail: () => refused("unreachable") });
  view(<App />);
  await screen.findByRole("navigation", { name: "Sections" });
  answering({ status: () => done({ ...there, phase: { kind: "unusable", error: unreachable } }) });
  await act(() => call("verifyTrail"));
  expect(await screen.findByText("The shop's service cannot be reached")).toBeDefined();
  expect(
    screen.queryByRole("navigation", { name: "Sections" }),
    "nobody knows whether it is locked",
  ).toBeNull();
});

test("a service that wants to be left alone is counted down, and asked when it is time", async () => {
  const until = new Date(Date.now() + 30_000).toISOString();
  const error: IpcError = { code: "too_many_requests", number: "KH-1092", refusal: null, until };
  answering({ ...usual, status: () => done({ ...standing({ kind: "unusable", error }), place }) });
  view(<App />);
  const again = await screen.findByRole("button", { name: "Try again" });
  expect(again.getAttribute("aria-disabled"), "not yet").toBe("true");
  expect(screen.getAllByText(/You can try again in (30|29) seconds\./).length).toBeGreaterThan(0);
  await expectAccessible();
  expect(
    (await screen.findAllByText(/You can try again in (28|27) seconds\./)).length,
    "the seconds are counted",
  ).toBeGreaterThan(0);
});

test("a slow answer is said after two seconds, and nobody has to wait for it", async () => {
  let answer: (value: Awaited<ReturnType<typeof refused>>) => void = () => {};
  answering({
    ...usual,
    status: () => done({ ...standing({ kind: "closed", ended: false }), place }),
    signIn: () => new Promise((resolve) => (answer = resolve)),
    stopWaiting: () => {
      void refused("outcome_unknown").then((error) => answer(error));
      return done(null);
    },
  });
  const { person } = view(<App />);
  await screen.findByRole("heading", { name: "Sign in to Anna's Shop" });
  const asked = Date.now();
  await person.keyboard("anna@example.com{Tab}four quiet brass keys{Enter}");
  expect(screen.queryByText("The service takes its time."), "a moment is no wait").toBeNull();
  expect(await screen.findByText("The service takes its time.")).toBeDefined();
  expect(Date.now() - asked).toBeGreaterThan(1_900);
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "Stop waiting" }));
  expect(await screen.findByText(/Look whether it was done before you do it again/)).toBeDefined();
  await waitFor(() => expect(screen.queryByText("The service takes its time.")).toBeNull());
  expect(askedFor("signIn").length, "it is not tried twice by itself").toBe(1);
});

test("an outcome nobody knows is never repeated: the screen begins anew and says so", async () => {
  const unlock = vi.fn(() => refused("outcome_unknown"));
  answering({ ...usual, status: () => done(there), unlockAccount: unlock });
  const { person } = view(<App />);
  await screen.findByRole("navigation", { name: "Sections" });
  const before = askedFor("accounts").length;
  await act(() => call("unlockAccount", "ben", "He asked"));
  expect(await screen.findByText(/Everything here was loaded anew/)).toBeDefined();
  await waitFor(() => expect(askedFor("accounts").length).toBeGreaterThan(before));
  expect(unlock).toHaveBeenCalledOnce();
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "I have looked" }));
  expect(screen.queryByText(/Everything here was loaded anew/)).toBeNull();
});

test("what may as well be done twice asks nobody to look", async () => {
  answering({ ...usual, status: () => done(there), touch: () => refused("outcome_unknown") });
  view(<App />);
  await screen.findByRole("navigation", { name: "Sections" });
  const before = askedFor("status").length;
  await act(() => call("touch"));
  await waitFor(() => expect(askedFor("status").length, "only where it stands").toBeGreaterThan(before));
  expect(screen.queryByText(/Everything here was loaded anew/)).toBeNull();
});

test("locking hides everything at once, however long the service takes to hear of it", async () => {
  answering({ ...usual, status: () => done(there), lock: () => new Promise(() => {}) });
  const { person } = view(<App />);
  await screen.findByRole("navigation", { name: "Sections" });
  await person.keyboard("{Control>}l{/Control}");
  expect(screen.queryByRole("navigation", { name: "Sections" })).toBeNull();
  expect(screen.getByRole("status", { name: "Loading" })).toBeDefined();
});
