import { describe, expect, test } from "vitest";
import css from "./tokens.css?raw";

type Theme = { name: string; colour: (token: string) => string };

function themes(): Theme[] {
  const [normal = "", more = ""] = css.split(':root[data-contrast="more"]');
  return [normal, more].flatMap((block, contrast) =>
    ["light", "dark"].map((scheme, side) => ({
      name: `${scheme}${contrast ? ", high contrast" : ""}`,
      colour: (token: string) => {
        const pattern = new RegExp(`--color-${token}: light-dark\\((#\\w{6}), (#\\w{6})\\)`);
        const found = pattern.exec(block) ?? pattern.exec(normal);
        if (!found) throw new Error(`no colour --color-${token}`);
        return found[side + 1] as string;
      },
    })),
  );
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ["canvas", "surface", "raised", "field", "hover"];
const inks = ["ink", "ink-soft", "ink-faint", "accent-ink", "danger-ink", "warn-ink", "good-ink"];
const washes = [
  ["accent-ink", "accent-wash"],
  ["danger-ink", "danger-wash"],
  ["warn-ink", "warn-wash"],
  ["good-ink", "good-wash"],
  ["ink", "accent-wash"],
  ["ink-soft", "accent-wash"],
  ["ink", "danger-wash"],
  ["ink", "warn-wash"],
  ["on-accent", "accent"],
  ["on-accent", "accent-hover"],
  ["on-accent", "danger"],
  ["on-accent", "danger-hover"],
];

describe.each(themes())("colours in $name", ({ colour }) => {
  test.each([...grounds.flatMap((ground) => inks.map((ink) => [ink, ground])), ...washes])(
    "%s is readable on %s",
    (ink, ground) => {
      expect(
        contrast(colour(ink as string), colour(ground as string)),
        "AA asks 4.5 : 1 of text",
      ).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(grounds.flatMap((ground) => ["edge", "focus"].map((line) => [line, ground])))(
    "%s is seen on %s",
    (line, ground) => {
      expect(
        contrast(colour(line as string), colour(ground as string)),
        "AA asks 3 : 1 of controls",
      ).toBeGreaterThanOrEqual(3);
    },
  );
});
