/** Edits that make notes out of notes: split and join. */
import { addNotes, changeNotes, type NoteIds, removeNotes } from "./edits.ts";
import { endOf, type Note, type Song } from "./model.ts";

/** Cut in two those of the notes that sound across `tick`; the first half keeps the id. */
export function splitNotes(song: Song, ids: NoteIds, tick: number): Song {
  const cut = (note: Note): boolean => ids.has(note.id) && note.start < tick && tick < endOf(note);
  return song.tracks.reduce((changed, track) => {
    const across = track.notes.filter(cut);
    const second = across.map(({ id: _, ...note }) => ({
      ...note,
      start: tick,
      duration: endOf(note) - tick,
    }));
    const shorter = changeNotes(changed, new Set(across.map((note) => note.id)), (note) => ({
      ...note,
      duration: tick - note.start,
    }));
    return addNotes(shorter, track.id, second);
  }, song);
}

/** Make one note of the notes of each pitch and track that follow each other.
 *
 * It lasts from the first start to the last end and is the first note otherwise. Notes with a note
 * between them that is not among `ids` stay apart.
 */
export function joinNotes(song: Song, ids: NoteIds): Song {
  const runs = song.tracks.flatMap((track) => runsOf(track.notes, ids));
  const ends = new Map(runs.map((run) => [run[0]?.id, Math.max(...run.map(endOf))]));
  const later = runs.flatMap((run) => run.slice(1).map((note) => note.id));
  const firsts = runs.filter((run) => run.length > 1).map((run) => run[0]?.id ?? 0);
  return changeNotes(removeNotes(song, new Set(later)), new Set(firsts), (note) => ({
    ...note,
    duration: (ends.get(note.id) ?? endOf(note)) - note.start,
  }));
}

/** Notes among `ids` that follow each other on one pitch, with no other note of it between them. */
function runsOf(notes: readonly Note[], ids: NoteIds): Note[][] {
  const runs: Note[][] = [];
  const open = new Map<number, Note[]>();
  for (const note of notes) {
    if (!ids.has(note.id)) {
      open.delete(note.pitch);
      continue;
    }
    const run = open.get(note.pitch) ?? [];
    if (run.length === 0) runs.push(run);
    run.push(note);
    open.set(note.pitch, run);
  }
  return runs;
}
