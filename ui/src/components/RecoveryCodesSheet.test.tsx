import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { expectAccessible, view } from "../testing/view";
import { RecoveryCodesSheet } from "./RecoveryCodesSheet";

test("the sheet is left only by somebody who kept it", async () => {
  const done = vi.fn();
  const { person } = view(
    <RecoveryCodesSheet
      codes={["AAAAA-BBBBB-CCCCC", "DDDDD-EEEEE-FFFFF"]}
      account="anna@example.com"
      issuer="Anna's Shop"
      madeAt="2026-11-23T12:00:00Z"
      onPrint={() => {}}
      onSave={() => {}}
      onCopy={() => {}}
      onDone={done}
    />,
  );
  expect(screen.getAllByRole("listitem"), "a line for each code").toHaveLength(2);
  await person.click(screen.getByRole("button", { name: "Done" }));
  expect(done, "they are shown only once").not.toHaveBeenCalled();
  await person.click(screen.getByRole("checkbox", { name: "I have saved them" }));
  await person.click(screen.getByRole("button", { name: "Done" }));
  expect(done).toHaveBeenCalledOnce();
  await expectAccessible();
});
