import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { expectAccessible, view } from "../testing/view";
import { ReasonDialog } from "./ReasonDialog";

test("an act that needs a reason waits for one", async () => {
  const confirm = vi.fn();
  const close = vi.fn();
  const { person } = view(
    <ReasonDialog isOpen onClose={close} title="Unlock Ben" action="Unlock" onConfirm={confirm}>
      He can sign in again at once.
    </ReasonDialog>,
  );
  await person.click(screen.getByRole("button", { name: "Unlock" }));
  expect(confirm, "no reason, no act").not.toHaveBeenCalled();
  expect(screen.getByText("Please say why, in a few words.")).toBeDefined();
  await person.type(screen.getByRole("textbox", { name: "Reason" }), " called from the shop {Enter}");
  expect(confirm, "trimmed").toHaveBeenCalledWith("called from the shop");
  await expectAccessible();
  await person.keyboard("{Escape}");
  expect(close, "Escape leaves a dialog").toHaveBeenCalled();
});
