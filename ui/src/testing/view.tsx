import { type RenderResult, render } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import axe from "axe-core";
import type { ReactElement } from "react";
import { expect } from "vitest";

/** Shows something as a person meets it, with hands to act on it. */
export function view(shown: ReactElement): RenderResult & { person: UserEvent } {
  return { ...render(shown), person: userEvent.setup() };
}

/** Fails with the rule and the element for each thing that keeps somebody out. */
export async function expectAccessible(shown: Element = document.body): Promise<void> {
  const { violations } = await axe.run(
    // What is read out and gone a moment later points at what was there then.
    { include: [shown], exclude: ["[data-live-announcer]"] },
    {
      // Colours need real layout: tokens.test.ts holds them to the same numbers.
      // A component alone stands in no landmark: views are checked with the rule on.
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    },
  );
  expect(
    violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`),
    "nobody is kept out",
  ).toEqual([]);
}
