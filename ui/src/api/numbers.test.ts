import { expect, test } from "vitest";
import program from "../../../crates/core/src/error.rs?raw";
import type { Code } from "./bindings";
import { numberOf } from "./numbers";

test("a code has the number here that the program itself says", () => {
  const codes = [...program.matchAll(/^ {4}([A-Z]\w+) = (\d{4}),$/gm)];
  expect(codes.length, "all of them were read").toBeGreaterThan(40);
  for (const [, variant = "", number] of codes) {
    const code = variant.replace(/(?!^)([A-Z])/g, "_$1").toLowerCase() as Code;
    expect(numberOf(code), variant).toBe(`KH-${number}`);
  }
});
