/** Copying, pasting and duplicating notes. */
import type { Change } from "../song/document.ts";
import { addNotes, withSong } from "../song/edits.ts";
import { endOf, type NewNote, type Song } from "../song/model.ts";
import type { Clip } from "./desk.ts";
import type { Ids } from "./sets.ts";

/** The chosen notes; null if there are none. */
export function copied(song: Song, ids: Ids): Clip | null {
  const chosen = song.tracks.flatMap((track) =>
    track.notes.filter((note) => ids.has(note.id)).map((note) => ({ trackId: track.id, note })),
  );
  if (chosen.length === 0) return null;
  const first = Math.min(...chosen.map(({ note }) => note.start));
  const last = Math.max(...chosen.map(({ note }) => endOf(note)));
  const notes = chosen.map(({ trackId, note: { id: _, ...note } }) => ({
    trackId,
    note: { ...note, start: note.start - first },
  }));
  return { notes, length: last - first };
}

/**
 * Put a clip at tick `at`.
 *
 * Notes of one track go to `trackId`, those of several to the tracks that they came from. Notes of
 * tracks that are gone go to `trackId` too.
 */
export function pasting(clip: Clip, at: number, trackId: number): Change {
  const single = new Set(clip.notes.map((entry) => entry.trackId)).size === 1;
  return (project) => {
    const present = new Set(project.song.tracks.map((track) => track.id));
    const byTrack = new Map<number, NewNote[]>();
    for (const { trackId: from, note } of clip.notes) {
      const to = single || !present.has(from) ? trackId : from;
      const moved = { ...note, start: note.start + at };
      const notes = byTrack.get(to);
      if (notes) notes.push(moved);
      else byTrack.set(to, [moved]);
    }
    let song = project.song;
    for (const [to, notes] of byTrack) song = addNotes(song, to, notes);
    return withSong(project, song);
  };
}
