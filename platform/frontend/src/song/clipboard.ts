/** Notes copied, pasted and doubled. */
import { addNotes, type NoteIds } from "./edits.ts";
import { endOf, type NewNote, type Song } from "./model.ts";
import { allNotes } from "./selection.ts";

/** Copied notes. Starts count from the first of them, tracks from the topmost with one. */
export interface Clip {
  /** The tick at which the first of them began. */
  readonly start: number;
  /** Ticks from the first start to the last end. */
  readonly length: number;
  readonly parts: readonly Part[];
}

interface Part {
  /** How many tracks below the topmost one; 0 for that. */
  readonly below: number;
  readonly notes: readonly NewNote[];
}

/** A song with notes pasted into it, and the ids of those. */
export interface Pasted {
  readonly song: Song;
  readonly ids: Set<number>;
}

/** Return a copy of the notes, or null if none of them is there. */
export function copyNotes(song: Song, ids: NoteIds): Clip | null {
  const chosen = song.tracks.map((track) => track.notes.filter((note) => ids.has(note.id)));
  const notes = chosen.flat();
  const topmost = chosen.findIndex((part) => part.length > 0);
  if (topmost < 0) return null;
  const first = notes.reduce((least, note) => Math.min(least, note.start), Infinity);
  const end = notes.reduce((most, note) => Math.max(most, endOf(note)), 0);
  const parts = chosen.slice(topmost).map((part, below) => ({
    below,
    notes: part.map(({ id: _, ...note }) => ({ ...note, start: note.start - first })),
  }));
  return {
    start: first,
    length: end - first,
    parts: parts.filter((part) => part.notes.length > 0),
  };
}

/** Paste a clip at a tick, its topmost track into track `trackId` and the others below as they were.
 *
 * What would fall below the last track goes into the last one. Without that track the song stays as
 * it is. A pasted note on top of another one of its pitch becomes one with it.
 */
export function pasteNotes(song: Song, clip: Clip, at: number, trackId: number): Pasted {
  const top = song.tracks.findIndex((track) => track.id === trackId);
  if (top < 0) return { song, ids: new Set() };
  const pasted = clip.parts.reduce((changed, { below, notes }) => {
    const track = song.tracks[top + below] ?? song.tracks.at(-1);
    const moved = notes.map((note) => ({ ...note, start: note.start + at }));
    return addNotes(changed, track?.id ?? trackId, moved);
  }, song);
  const added = [...allNotes(pasted)].filter((id) => id >= song.nextId);
  return { song: pasted, ids: new Set(added) };
}

/** Repeat the notes right behind themselves, later by whole steps of `step` ticks (a beat, a bar). */
export function duplicateNotes(song: Song, ids: NoteIds, step = 1): Pasted {
  const clip = copyNotes(song, ids);
  const top = song.tracks.find((track) => track.notes.some((note) => ids.has(note.id)));
  if (!clip || !top) return { song, ids: new Set() };
  return pasteNotes(song, clip, clip.start + Math.ceil(clip.length / step) * step, top.id);
}
