import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { expectAccessible } from "../testing/view";
import { ToastRegion } from "./ToastRegion";
import { forgetToasts, say, toastStays } from "./toasts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  act(forgetToasts);
});

test("a toast goes by itself, but not while somebody looks at it", () => {
  render(<ToastRegion />);
  const region = screen.getByRole("region", { name: "Messages" });
  expect(region.getAttribute("aria-live"), "read out without interrupting").toBe("polite");
  act(() => say("Ben can sign in again."));
  fireEvent.pointerEnter(region);
  act(() => vi.advanceTimersByTime(toastStays * 3));
  expect(screen.queryByText("Ben can sign in again."), "held by the pointer").not.toBeNull();
  fireEvent.pointerLeave(region);
  act(() => vi.advanceTimersByTime(toastStays));
  expect(screen.queryByText("Ben can sign in again."), "gone after its time").toBeNull();
});

test("a toast can be undone once", async () => {
  const undo = vi.fn();
  render(<ToastRegion />);
  act(() => say("Ben is in the recycle bin.", { undo }));
  vi.useRealTimers();
  await expectAccessible();
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(undo).toHaveBeenCalledOnce();
  expect(screen.queryByText("Ben is in the recycle bin."), "the toast is done with").toBeNull();
});

test("three at most stand at once: the oldest makes room", () => {
  render(<ToastRegion />);
  act(() => {
    for (const words of ["first", "second", "third", "fourth"]) say(words);
  });
  expect(screen.queryByText("first"), "it has been read").toBeNull();
  for (const words of ["second", "third", "fourth"]) expect(screen.getByText(words)).toBeDefined();
});

test("a later word about the same thing takes back the undo of the one before", () => {
  render(<ToastRegion />);
  act(() => {
    say("Ben is locked.", { about: "ben", undo: () => {} });
    say("Mia is locked.", { about: "mia", undo: () => {} });
    say("Ben is disabled.", { about: "ben", undo: () => {} });
  });
  expect(screen.getAllByRole("button", { name: "Undo" }).length, "Ben's last, and Mia's").toBe(2);
  expect(screen.getByText("Ben is locked."), "it still happened").toBeDefined();
});
