/** Which notes are meant: selections as sets of ids. */
import { endOf, type Note, type Song } from "./model.ts";

/** A stretch of the piano roll: ticks `from` up to and without `until`, pitches `low` to `high`. */
export interface Box {
  readonly from: number;
  readonly until: number;
  readonly low: number;
  readonly high: number;
}

/** The notes that sound within the box, of all tracks or of some. */
export function notesInBox(song: Song, box: Box, trackIds?: ReadonlySet<number>): Set<number> {
  return idsWhere(song, (note, trackId) => isInBox(note, box) && (trackIds?.has(trackId) ?? true));
}

export function allNotes(song: Song): Set<number> {
  return idsWhere(song, () => true);
}

export function notesOfTrack(song: Song, trackId: number): Set<number> {
  return idsWhere(song, (_, id) => id === trackId);
}

function isInBox({ start, duration, pitch }: Note, { from, until, low, high }: Box): boolean {
  return start < until && endOf({ start, duration }) > from && low <= pitch && pitch <= high;
}

function idsWhere(song: Song, holds: (note: Note, trackId: number) => boolean): Set<number> {
  const ids = new Set<number>();
  for (const track of song.tracks) {
    for (const note of track.notes) if (holds(note, track.id)) ids.add(note.id);
  }
  return ids;
}
