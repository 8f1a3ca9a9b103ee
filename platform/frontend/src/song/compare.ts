/** Two versions of a song laid over each other, note by note. */
import { soundingTracks } from "./canonical.ts";
import type { Note, Song, Track } from "./model.ts";

/** What became of one track. A moved or lengthened note is removed here and added there. */
export interface TrackChange {
  /** As it is now, or as it was if it is gone. */
  readonly track: Track;
  readonly kept: readonly Note[];
  readonly added: readonly Note[];
  readonly removed: readonly Note[];
}

/** Compare songs as the server does: tracks by their place, without those that have no notes, and
 * notes by start, pitch and length. `kept` and `added` together are the track as it is now. */
export function compareSongs(before: Song, after: Song): TrackChange[] {
  const was = soundingTracks(before);
  const is = soundingTracks(after);
  return Array.from({ length: Math.max(was.length, is.length) }, (_, place) =>
    compareTracks(was[place], is[place]),
  );
}

function compareTracks(was: Track | undefined, is: Track | undefined): TrackChange {
  const old = was?.notes ?? [];
  const now = is?.notes ?? [];
  const remains = among(now);
  const existed = among(old);
  return {
    track: (is ?? was) as Track,
    kept: now.filter(existed),
    added: now.filter((note) => !existed(note)),
    removed: old.filter((note) => !remains(note)),
  };
}

/** Tells of a note whether it is among the notes, of which no two begin together on one pitch. */
function among(notes: readonly Note[]): (note: Note) => boolean {
  const durations = new Map(notes.map((note) => [placeOf(note), note.duration]));
  return (note) => durations.get(placeOf(note)) === note.duration;
}

const placeOf = ({ start, pitch }: Note): number => start * 128 + pitch;
