import { expect, test } from "vitest";
import type { IpcError } from "./bindings";
import { sentenceOf, troubleOf } from "./errors";

const error: IpcError = { code: "disk_full", number: "KH-1050", refusal: null, until: null };

test("an error says what happened, what was saved, what to do, and a code to quote", () => {
  expect(troubleOf(error)).toEqual({
    title: "The disk is full",
    saved: "Nothing was changed.",
    next: "Make some room, then try again.",
    code: "KH-1050",
    until: null,
  });
});

test("a weak password is told every reason", () => {
  const weak: IpcError = {
    ...error,
    code: "weak_password",
    refusal: {
      kind: "weak_password",
      data: [
        { kind: "tooShort", have: 9, need: 15 },
        { kind: "breached", times: 1 },
      ],
    },
  };
  expect(sentenceOf(weak)).toBe(
    "It has 9 characters and needs 15. It was found in a data leak, once. Take a few words that have nothing to do with you or the shop.",
  );
});

test("who has to wait is told how long", () => {
  const until = new Date(Date.now() + 9 * 60_000).toISOString();
  expect(sentenceOf({ ...error, code: "waiting", until })).toMatch(
    /^Too many wrong tries\. Try again in 9 minutes\.$/,
  );
});

test("an outcome that nobody knows is not called nothing", () => {
  expect(troubleOf({ ...error, code: "outcome_unknown", number: "KH-1082" })).toEqual({
    title: "The connection was lost before the answer came",
    saved: "It may have been changed.",
    next: "Look whether it was done before you do it again.",
    code: "KH-1082",
    until: null,
  });
});

test("a service that wants to be left alone says until when, and blames nobody's password", () => {
  const until = new Date(Date.now() + 9 * 60_000).toISOString();
  expect(sentenceOf({ ...error, code: "too_many_requests", until })).toBe(
    "The shop's service was asked too often. Try again in 9 minutes.",
  );
});
