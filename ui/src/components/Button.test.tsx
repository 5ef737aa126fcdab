import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { expectAccessible, view } from "../testing/view";
import { Button } from "./Button";

test("a button that cannot be pressed says why and still takes the focus", async () => {
  const act = vi.fn();
  const { person } = view(
    <Button onPress={act} disabledReason="Ask the owner of the shop.">
      Delete
    </Button>,
  );
  const button = screen.getByRole("button", { name: "Delete" });
  await person.tab();
  expect(document.activeElement, "or nobody would hear the reason").toBe(button);
  expect(await screen.findByRole("tooltip")).toHaveProperty("textContent", "Ask the owner of the shop.");
  await person.keyboard("{Enter}");
  await person.click(button);
  expect(act, "a refused act does not happen").not.toHaveBeenCalled();
  await expectAccessible();
});

test("a pending button keeps its words and acts once", async () => {
  const act = vi.fn();
  const { person } = view(
    <Button pending onPress={act}>
      Save
    </Button>,
  );
  await person.click(screen.getByRole("button", { name: /Save/ }));
  expect(act, "a second press would be a second act").not.toHaveBeenCalled();
  await expectAccessible();
});
