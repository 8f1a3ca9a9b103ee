/** The keyboard's place in the roll: a tick and a pitch. */
import { endOf, type Note, type Song, type Track } from "../song/model.ts";
import { barStartAt, nextBarAt, nextStep } from "./grid.ts";
import { notesSounding } from "./sounding.ts";
import { clamp } from "./view.ts";

export interface Cursor {
  readonly tick: number;
  readonly pitch: number;
}

export function stepped(song: Song, at: Cursor, snap: number, direction: 1 | -1): Cursor {
  return { ...at, tick: nextStep(song, at.tick, snap, direction) };
}

/** To the start of the next bar, or of this one, or of the one before if it stands there. */
export function barward(song: Song, at: Cursor, direction: 1 | -1): Cursor {
  if (direction > 0) return { ...at, tick: nextBarAt(song, at.tick) };
  return { ...at, tick: barStartAt(song, Math.max(at.tick - 1, 0)) };
}

export function raised(at: Cursor, semitones: number): Cursor {
  return { ...at, pitch: clamp(at.pitch + semitones, 0, 127) };
}

/** The note that sounds at the cursor. */
export function noteUnder(track: Track, at: Cursor): Note | null {
  const box = { from: at.tick, until: at.tick + 1, low: at.pitch, high: at.pitch };
  return notesSounding(track.notes, box)[0] ?? null;
}

/** The next note in the order of time, then pitch (`direction` 1), or the one before (-1). */
export function neighbor(track: Track, at: Cursor, direction: 1 | -1): Note | null {
  const after = (note: Note): number => note.start - at.tick || note.pitch - at.pitch;
  return direction > 0
    ? (track.notes.find((note) => after(note) > 0) ?? null)
    : (track.notes.findLast((note) => after(note) < 0) ?? null);
}

/** The notes between two places of the cursor, both included. */
export function notesBetween(track: Track, a: Cursor, b: Cursor): Note[] {
  return notesSounding(track.notes, {
    from: Math.min(a.tick, b.tick),
    until: Math.max(a.tick, b.tick) + 1,
    low: Math.min(a.pitch, b.pitch),
    high: Math.max(a.pitch, b.pitch),
  });
}

/** Where to begin: at the track's first note, or at middle C. */
export function startOf(track: Track | null): Cursor {
  const first = track?.notes[0];
  return { tick: first?.start ?? 0, pitch: first?.pitch ?? 60 };
}

/** The tick after the last of `notes`, for the cursor after a paste. */
export function afterAll(notes: readonly Note[]): number {
  return notes.reduce((latest, note) => Math.max(latest, endOf(note)), 0);
}
