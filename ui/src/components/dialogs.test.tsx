import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { expectAccessible, view } from "../testing/view";
import { ConfirmDialog } from "./ConfirmDialog";
import { ReasonDialog } from "./ReasonDialog";

test("an act that needs a reason waits for one", async () => {
  const confirm = vi.fn();
  const { person } = view(
    <ReasonDialog isOpen onClose={() => {}} title="Unlock Ben" action="Unlock" onConfirm={confirm}>
      He can sign in again at once.
    </ReasonDialog>,
  );
  await person.click(screen.getByRole("button", { name: "Unlock" }));
  expect(confirm, "no reason, no act").not.toHaveBeenCalled();
  expect(screen.getByText("Please say why, in a few words.")).toBeDefined();
  await person.type(screen.getByRole("textbox", { name: "Reason" }), " called from the shop {Enter}");
  expect(confirm, "trimmed").toHaveBeenCalledWith("called from the shop");
  await expectAccessible();
});

test("what cannot be undone asks for the name first", async () => {
  const confirm = vi.fn();
  const close = vi.fn();
  const { person } = view(
    <ConfirmDialog
      isOpen
      onClose={close}
      title="Delete for ever"
      action="Delete"
      typed="ben@example.com"
      onConfirm={confirm}
    >
      The account is gone for good.
    </ConfirmDialog>,
  );
  const field = screen.getByRole("textbox", { name: "Type ben@example.com to confirm" });
  await person.type(field, "ben{Enter}");
  expect(confirm, "half a name is no confirmation").not.toHaveBeenCalled();
  await person.type(field, "@example.com");
  await person.click(screen.getByRole("button", { name: "Delete" }));
  expect(confirm).toHaveBeenCalledOnce();
  await expectAccessible();
  await person.keyboard("{Escape}");
  expect(close, "Escape leaves a dialog").toHaveBeenCalled();
});
