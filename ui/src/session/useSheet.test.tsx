import { screen, waitFor } from "@testing-library/react";
import { StrictMode } from "react";
import { expect, test } from "vitest";
import { answering, askedFor, done } from "../testing/commands";
import { view } from "../testing/view";
import { useSheet } from "./useSheet";

function Sheet() {
  const { onCopy } = useSheet("recovery_codes");
  return (
    <button type="button" onClick={() => void onCopy()}>
      Copy
    </button>
  );
}

test("a secret is forgotten when its page goes, and not before", async () => {
  answering({ forgetShown: () => done(null), copyShown: () => done({ cleared_in_secs: 30 }) });
  // As it is developed: React takes each effect back once and does it again.
  const { person, unmount } = view(
    <StrictMode>
      <Sheet />
    </StrictMode>,
  );
  await person.click(screen.getByRole("button", { name: "Copy" }));
  expect(askedFor("copyShown")).toEqual([["recovery_codes"]]);
  expect(askedFor("forgetShown"), "it is on the screen").toEqual([]);
  unmount();
  await waitFor(() => expect(askedFor("forgetShown"), "it is not").toEqual([["recovery_codes"]]));
});
