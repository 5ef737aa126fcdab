import { expect, test } from "vitest";
import catalogue from "../../messages/en.json";
import * as messages from "../paraglide/messages.js";

const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../paraglide/**"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const keys = Object.keys(catalogue).filter((key) => key !== "$schema");

test("every word of the catalogue is said somewhere", () => {
  const said = new Set(Object.values(sources).flatMap((source) => source.match(/(?<=\bm\.)\w+/g) ?? []));
  expect(
    keys.filter((key) => !said.has(key)),
    "words that nobody reads are not kept true",
  ).toEqual([]);
});

test("no key prints itself", () => {
  const say = messages as unknown as Record<string, (inputs: object) => string>;
  const anything = new Proxy({}, { get: () => "2", has: () => true });
  expect(
    keys.filter((key) => {
      const words = say[key]?.(anything);
      return words === undefined || words === "" || words === key;
    }),
    "a person would read the name of a message",
  ).toEqual([]);
});
