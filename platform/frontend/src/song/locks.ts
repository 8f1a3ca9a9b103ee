/** Notes and bars that generation leaves alone. */
import { endOf, endTick, type Note, type Project } from "./model.ts";
import { barStarts } from "./time.ts";

/** Parameters of the technique `edit`, ready to be sent. */
export interface LockParameters {
  /** Places in the list of all notes, track by track, counted from 0. */
  readonly locked_notes: readonly number[];
  /** Bars counted from 1. */
  readonly locked_bars: readonly number[];
}

/** What keeps a note from being changed: its own lock, or that of a bar in which it sounds. */
export type Lock = "note" | "bar";

export function lockParameters({ song, lockedNotes, lockedBars }: Project): LockParameters {
  const notes = song.tracks.flatMap((track) => track.notes);
  const bars = barStarts(song, endTick(song)).length;
  return {
    locked_notes: [...notes.keys()].filter((place) => lockedNotes.has(notes[place]?.id ?? -1)),
    locked_bars: [...lockedBars].filter((bar) => bar <= bars).sort((a, b) => a - b),
  };
}

/** Return a function that tells the lock of a note of this project, or null if it is free. */
export function locksOf({ song, lockedNotes, lockedBars }: Project): (note: Note) => Lock | null {
  const starts = barStarts(song, endTick(song));
  const stretches = [...lockedBars].flatMap((bar) => {
    const from = starts[bar - 1];
    return from === undefined ? [] : [{ from, until: starts[bar] ?? Infinity }];
  });
  return (note) => {
    if (lockedNotes.has(note.id)) return "note";
    const isInBar = stretches.some(({ from, until }) => note.start < until && endOf(note) > from);
    return isInBar ? "bar" : null;
  };
}
