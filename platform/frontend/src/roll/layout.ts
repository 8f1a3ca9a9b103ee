/** The parts of the roll's surface: keys at the left, ruler above, velocity lane below the grid. */
import type { Point } from "./hit.ts";

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Width of the keys. */
  readonly keys: number;
  /** Height of the ruler. */
  readonly ruler: number;
  /** Height of the velocity lane. */
  readonly lane: number;
}

export type Region = "grid" | "keys" | "ruler" | "lane" | "corner";

/** Widths of the keys: on narrow surfaces, and on others. Names of drums need more room. */
const KEYS = { piano: [44, 56], drums: [92, 120] } as const;
const NARROW = 480;

/** Fingers get taller targets than a mouse; a low surface goes without the lane. */
export function layoutOf(
  width: number,
  height: number,
  coarse: boolean,
  kind: keyof typeof KEYS = "piano",
): Layout {
  return {
    width,
    height,
    keys: KEYS[kind][width < NARROW ? 0 : 1],
    ruler: coarse ? 44 : 28,
    lane: height < 260 ? 0 : coarse ? 88 : 72,
  };
}

export function gridWidth(layout: Layout): number {
  return Math.max(layout.width - layout.keys, 1);
}

export function gridHeight(layout: Layout): number {
  return Math.max(layout.height - layout.ruler - layout.lane, 1);
}

export function regionAt(layout: Layout, point: Point): Region {
  const left = point.x < layout.keys;
  if (point.y < layout.ruler) return left ? "corner" : "ruler";
  if (point.y >= layout.height - layout.lane) return left ? "corner" : "lane";
  return left ? "keys" : "grid";
}

/** A point of the surface, counted from the grid's top left corner. */
export function inGrid(layout: Layout, point: Point): Point {
  return { x: point.x - layout.keys, y: point.y - layout.ruler };
}

/** The velocity that a height of the lane stands for; `y` counts from the lane's top. */
export function velocityAt(layout: Layout, y: number): number {
  const room = Math.max(layout.lane - 2 * LANE_PADDING, 1);
  const share = 1 - (y - LANE_PADDING) / room;
  return Math.min(Math.max(Math.round(share * 127), 1), 127);
}

/** The inverse of `velocityAt`. */
export function laneY(layout: Layout, velocity: number): number {
  return LANE_PADDING + (1 - velocity / 127) * Math.max(layout.lane - 2 * LANE_PADDING, 1);
}

const LANE_PADDING = 8;
