/**
 * Where things stand in the roll: time runs to the right, pitch upwards.
 *
 * Lengths are CSS pixels within the grid, whose top left corner is (0, 0). A view is immutable.
 */
import { TICKS_PER_BEAT } from "../song/model.ts";

export interface View {
  /** Tick at the left edge. */
  readonly left: number;
  /** Pixels between the top of pitch 127 and the upper edge. */
  readonly top: number;
  /** Pixels of a beat. */
  readonly beatWidth: number;
  /** Pixels of a semitone. */
  readonly rowHeight: number;
  readonly width: number;
  readonly height: number;
}

export interface Box {
  readonly from: number;
  readonly until: number;
  readonly low: number;
  readonly high: number;
}

export const PITCHES = 128;
export const MIN_BEAT_WIDTH = 6;
export const MAX_BEAT_WIDTH = 640;
export const MIN_ROW_HEIGHT = 5;
export const MAX_ROW_HEIGHT = 36;

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

export function xOf(view: View, tick: number): number {
  return ((tick - view.left) * view.beatWidth) / TICKS_PER_BEAT;
}

/** The inverse of `xOf`; not rounded. */
export function tickAt(view: View, x: number): number {
  return view.left + (x * TICKS_PER_BEAT) / view.beatWidth;
}

/** The upper edge of a pitch's row. */
export function yOf(view: View, pitch: number): number {
  return (PITCHES - 1 - pitch) * view.rowHeight - view.top;
}

/** The pitch whose row holds `y`, 0 to 127. */
export function pitchAt(view: View, y: number): number {
  return clamp(PITCHES - 1 - Math.floor((y + view.top) / view.rowHeight), 0, PITCHES - 1);
}

export function widthOf(view: View, ticks: number): number {
  return (ticks * view.beatWidth) / TICKS_PER_BEAT;
}

/** The part of the music that is in view; pitches at the edges may be in view in part. */
export function visibleBox(view: View): Box {
  return {
    from: view.left,
    until: tickAt(view, view.width),
    low: pitchAt(view, view.height - 1e-6),
    high: pitchAt(view, 0),
  };
}

/** Keep the view within the keyboard and within `end` ticks. */
export function bounded(view: View, end: number): View {
  const beatWidth = clamp(view.beatWidth, MIN_BEAT_WIDTH, MAX_BEAT_WIDTH);
  const rowHeight = clamp(view.rowHeight, MIN_ROW_HEIGHT, MAX_ROW_HEIGHT);
  const shown = (view.width * TICKS_PER_BEAT) / beatWidth;
  const left = clamp(view.left, 0, Math.max(end - shown, 0));
  const top = clamp(view.top, 0, Math.max(PITCHES * rowHeight - view.height, 0));
  return { ...view, beatWidth, rowHeight, left, top };
}

/** Change the scale; what is under (`x`, `y`) stays there. */
export function zoomed(
  view: View,
  to: { readonly beatWidth?: number; readonly rowHeight?: number },
  x: number,
  y: number,
): View {
  const beatWidth = clamp(to.beatWidth ?? view.beatWidth, MIN_BEAT_WIDTH, MAX_BEAT_WIDTH);
  const rowHeight = clamp(to.rowHeight ?? view.rowHeight, MIN_ROW_HEIGHT, MAX_ROW_HEIGHT);
  const left = tickAt(view, x) - (x * TICKS_PER_BEAT) / beatWidth;
  const top = ((y + view.top) / view.rowHeight) * rowHeight - y;
  return { ...view, beatWidth, rowHeight, left, top };
}

export function scrolled(view: View, dx: number, dy: number): View {
  return { ...view, left: tickAt(view, dx), top: view.top + dy };
}

/** Scroll as little as needed so that a tick and a pitch are in view, with some room around. */
export function revealing(view: View, tick: number, pitch: number): View {
  const room = Math.min(view.beatWidth, view.width / 4);
  const x = xOf(view, tick);
  const y = yOf(view, pitch);
  const dx = x < 0 ? x - room : Math.max(x + room - view.width, 0);
  const dy = y < 0 ? y - view.rowHeight : Math.max(y + 2 * view.rowHeight - view.height, 0);
  return dx === 0 && dy === 0 ? view : scrolled(view, dx, dy);
}

/** Where the playhead stands while the music glides under it, as a share of the width. */
const GLIDE_AT = 0.4;

/** Scroll along with the playhead: gliding under it, or, if `calm`, a page at a time. */
export function following(view: View, tick: number, calm: boolean): View {
  const x = xOf(view, tick);
  if (x < 0 || (calm && x > view.width - 8)) return { ...view, left: tick };
  const glide = x - view.width * GLIDE_AT;
  return calm || glide <= 0 ? view : scrolled(view, glide, 0);
}

/** The first view of a piece: its start, and the middle of its notes; without any, middle C. */
export function opening(
  size: Pick<View, "width" | "height" | "beatWidth" | "rowHeight">,
  notes: readonly { readonly pitch: number }[],
): View {
  const pitches = notes.map((note) => note.pitch);
  const middle = pitches.length > 0 ? (Math.min(...pitches) + Math.max(...pitches)) / 2 : 60;
  return { ...size, left: 0, top: (PITCHES - 0.5 - middle) * size.rowHeight - size.height / 2 };
}
