/** A score's parts: what each adds, and where it lies in the bar. */
import { msg, t } from "../lib/i18n.ts";
import type { Parts } from "./rows.ts";

export interface PartLine {
  readonly name: string;
  readonly label: string;
  readonly meaning: string;
  /** 0 to 100. */
  readonly value: number;
  readonly weight: number;
  /** Points of the total, out of `maximum`. */
  readonly points: number;
  readonly maximum: number;
  readonly reasons: readonly string[];
  /** Which of the figures' colors, from 1. */
  readonly color: number;
  /** Where it begins in the bar, in percent of its width. */
  readonly x: number;
}

const PARTS: readonly (readonly [name: string, label: string, meaning: string])[] = [
  ["music", msg("Music"), msg("How the piece compares with real pieces of the round’s style.")],
  ["originality", msg("Originality"), msg("How much of it is its own.")],
  ["fit", msg("Fit to the brief"), msg("Length, tracks and techniques that the round asks for.")],
];

/** Return the parts in a fixed order; their points add up to `total` (0 to 100).
 *
 * A rule may weigh parts against each other so that they do not simply add up; each then gets its
 * share of the total.
 */
export function partLines(parts: Parts, total: number): PartLine[] {
  const known = PARTS.flatMap(([name, label, meaning], index) => {
    const part = parts[name];
    return part ? [{ ...part, name, label: t(label), meaning: t(meaning), color: index + 1 }] : [];
  });
  const earned = known.reduce((sum, part) => sum + part.value * part.weight, 0);
  const scale = earned > 0 ? total / earned : 0;
  let x = 0;
  return known.map((part) => {
    const points = part.value * part.weight * scale;
    const line = { ...part, points, maximum: 100 * part.weight, x };
    x += points;
    return line;
  });
}
