/** What is under a pointer. */
import { endOf, type Note, type Track } from "../song/model.ts";
import { notesSounding } from "./sounding.ts";
import { pitchAt, tickAt, type View, widthOf, xOf } from "./view.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Hit {
  readonly note: Note;
  readonly track: Track;
  /** The right edge changes the length, the body moves. */
  readonly part: "body" | "edge";
}

const EDGE = 7;

/** The note of `track` at a point; `reach` widens short notes, for fingers. */
export function noteAt(view: View, track: Track, point: Point, reach = 0): Hit | null {
  const pitch = pitchAt(view, point.y);
  const box = {
    from: tickAt(view, point.x - reach),
    until: tickAt(view, point.x + reach) + 1e-6,
    low: pitch,
    high: pitch,
  };
  const note = nearest(view, notesSounding(track.notes, box), point.x);
  return note && { note, track, part: partAt(view, note, point.x, reach) };
}

/** The first hit in `tracks`: put the active track first. */
export function firstHit(
  view: View,
  tracks: readonly Track[],
  point: Point,
  reach = 0,
): Hit | null {
  for (const track of tracks) {
    const hit = noteAt(view, track, point, reach);
    if (hit) return hit;
  }
  return null;
}

/** The notes that a box from one point to another touches. */
export function notesInBox(view: View, track: Track, a: Point, b: Point): Note[] {
  return notesSounding(track.notes, {
    from: tickAt(view, Math.min(a.x, b.x)),
    until: tickAt(view, Math.max(a.x, b.x)) + 1e-6,
    low: pitchAt(view, Math.max(a.y, b.y)),
    high: pitchAt(view, Math.min(a.y, b.y)),
  });
}

/** Notes whose bar in the velocity lane stands between two places: bars stand at note starts. */
export function barsBetween(view: View, track: Track, x1: number, x2: number): Note[] {
  const from = tickAt(view, Math.min(x1, x2) - EDGE);
  const until = tickAt(view, Math.max(x1, x2) + EDGE);
  const box = { from, until, low: 0, high: 127 };
  return notesSounding(track.notes, box).filter((note) => note.start >= from);
}

function nearest(view: View, notes: readonly Note[], x: number): Note | null {
  const distance = (note: Note): number =>
    Math.max(xOf(view, note.start) - x, x - xOf(view, endOf(note)), 0);
  let best: Note | null = null;
  for (const note of notes) {
    if (!best || distance(note) < distance(best)) best = note;
  }
  return best;
}

/** At most a third of a note is edge, so that a short one can still be moved. */
function partAt(view: View, note: Note, x: number, reach: number): Hit["part"] {
  const edge = Math.min(EDGE + reach, widthOf(view, note.duration) / 3);
  return x > xOf(view, endOf(note)) - edge ? "edge" : "body";
}
