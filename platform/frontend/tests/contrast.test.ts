import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const TEXT = 4.5;
const SHAPE = 3;
const TOKENS = readFileSync(join(import.meta.dirname, "../src/styles/tokens.css"), "utf8");
const THEMES = { light: 1, dark: 2 } as const;

/** A token's color in one theme, as #rrggbb. */
function color(name: string, theme: keyof typeof THEMES): string {
  const row = TOKENS.match(new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`));
  assert.ok(row, `no token --${name}`);
  return row[THEMES[theme]] as string;
}

/** Relative luminance by WCAG 2.2. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const PENCILS = ["blue", "red", "gold", "green"];
const TRACKS = Array.from({ length: 8 }, (_, index) => `track-${index + 1}`);
const GROUNDS = ["paper", "sheet"];

const PAIRS: [string, string, number][] = [
  ...GROUNDS.flatMap((ground): [string, string, number][] => [
    ...["ink", "muted", ...PENCILS].map((name): [string, string, number] => [name, ground, TEXT]),
    ...["line", ...TRACKS].map((name): [string, string, number] => [name, ground, SHAPE]),
  ]),
  ...PENCILS.flatMap((pencil): [string, string, number][] => [
    ["on-pencil", pencil, TEXT],
    ["ink", `${pencil}-wash`, TEXT],
    ["muted", `${pencil}-wash`, TEXT],
    [pencil, `${pencil}-wash`, TEXT],
  ]),
];

for (const theme of ["light", "dark"] as const) {
  test(`every pair of colors in use is readable in the ${theme} theme`, () => {
    for (const [front, ground, least] of PAIRS) {
      const ratio = contrast(color(front, theme), color(ground, theme));
      assert.ok(ratio >= least, `${front} on ${ground}: ${ratio.toFixed(2)} < ${least}`);
    }
  });
}

test("black on white has the highest contrast there is", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
});
