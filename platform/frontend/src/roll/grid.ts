/** The grid: what edits snap to, and the lines that show it. */
import { t } from "../lib/i18n.ts";
import { type Song, TICKS_PER_BEAT } from "../song/model.ts";
import { barBeatAt, barTicks, beatTicks, signatureAt } from "../song/time.ts";

/** A step of the grid by name; 0 ticks: no grid. */
export interface Snap {
  readonly ticks: number;
  readonly name: () => string;
}

const whole = 4 * TICKS_PER_BEAT;

export const SNAPS: readonly Snap[] = [
  { ticks: whole / 4, name: () => "1/4" },
  { ticks: whole / 6, name: () => t("1/4 triplet") },
  { ticks: whole / 8, name: () => "1/8" },
  { ticks: whole / 12, name: () => t("1/8 triplet") },
  { ticks: whole / 16, name: () => "1/16" },
  { ticks: whole / 24, name: () => t("1/16 triplet") },
  { ticks: whole / 32, name: () => "1/32" },
  { ticks: 0, name: () => t("Off") },
];

/** How far an arrow key goes without a grid. */
export const FREE_STEP = whole / 64;

/** The tick at which the bar of `tick` begins. */
export function barStartAt(song: Song, tick: number): number {
  const signature = signatureAt(song, tick);
  const size = barTicks(signature);
  return signature.tick + Math.floor((tick - signature.tick) / size) * size;
}

/** The tick at which the bar after that of `tick` begins; a change of signature ends a bar. */
export function nextBarAt(song: Song, tick: number): number {
  const next = song.timeSignatures.find((change) => change.tick > tick);
  const end = barStartAt(song, tick) + barTicks(signatureAt(song, tick));
  return next ? Math.min(end, next.tick) : end;
}

/** The tick at which a bar begins, counted from 1. */
export function startOfBar(song: Song, number: number): number {
  let tick = 0;
  let bar = 1;
  for (const [index, signature] of song.timeSignatures.entries()) {
    const next = song.timeSignatures[index + 1];
    const size = barTicks(signature);
    const bars = next ? Math.ceil((next.tick - signature.tick) / size) : Number.POSITIVE_INFINITY;
    tick = signature.tick + (number - bar) * size;
    if (number < bar + bars) break;
    bar += bars;
  }
  return tick;
}

/** The number of the bar of `tick`, counted from 1. */
export function barNumber(song: Song, tick: number): number {
  return barBeatAt(song, Math.max(tick, 0)).bar;
}

/** The last grid point at or before `tick`. Grids begin anew with each bar. */
export function snapDown(song: Song, tick: number, snap: number): number {
  if (snap <= 0) return Math.max(Math.floor(tick), 0);
  const inside = Math.max(tick, 0);
  const bar = barStartAt(song, inside);
  return bar + Math.floor((inside - bar) / snap) * snap;
}

/** The nearest grid point. */
export function snapTo(song: Song, tick: number, snap: number): number {
  if (snap <= 0) return Math.max(Math.round(tick), 0);
  const before = snapDown(song, tick, snap);
  const after = Math.min(before + snap, nextBarAt(song, before));
  return tick - before < after - tick ? before : after;
}

/** The next grid point after `tick` (`direction` 1) or before it (-1), not below 0. */
export function nextStep(song: Song, tick: number, snap: number, direction: 1 | -1): number {
  const step = snap > 0 ? snap : FREE_STEP;
  if (direction < 0) return snapDown(song, Math.max(tick - 1, 0), step);
  const here = snapDown(song, tick, step);
  return Math.min(here + step, nextBarAt(song, tick));
}

export type LineKind = "bar" | "beat" | "step";

export interface Line {
  readonly tick: number;
  readonly kind: LineKind;
}

export interface Bar {
  /** Counted from 1. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** Bars that begin before `until` and end after `from`. */
export function barsWithin(song: Song, from: number, until: number): Bar[] {
  const bars: Bar[] = [];
  let start = barStartAt(song, Math.max(from, 0));
  let number = barNumber(song, start);
  while (start < until) {
    const end = nextBarAt(song, start);
    bars.push({ number, start, end });
    start = end;
    number += 1;
  }
  return bars;
}

/** Grid lines of a bar; steps only if `steps` is above 0. */
export function linesOf(song: Song, bar: Bar, steps: number): Line[] {
  const beat = beatTicks(signatureAt(song, bar.start));
  const lines: Line[] = [{ tick: bar.start, kind: "bar" }];
  for (let tick = bar.start + beat; tick < bar.end; tick += beat)
    lines.push({ tick, kind: "beat" });
  if (steps <= 0) return lines;
  for (let tick = bar.start + steps; tick < bar.end; tick += steps) {
    if ((tick - bar.start) % beat !== 0) lines.push({ tick, kind: "step" });
  }
  return lines;
}
