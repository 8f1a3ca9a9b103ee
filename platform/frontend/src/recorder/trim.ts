/** Make a take begin with its first bar. */
import { barStart } from "../song/bars.ts";
import type { NewNote, Song } from "../song/model.ts";

/** Move notes earlier by whole bars, so that the first of them lies in the bar that holds `from`. */
export function trimToBar(song: Song, notes: readonly NewNote[], from: number): readonly NewNote[] {
  const first = Math.min(...notes.map((note) => note.start));
  const earlier = barStart(song, first) - barStart(song, from);
  if (notes.length === 0 || earlier <= 0) return notes;
  return notes.map((note) => ({ ...note, start: note.start - earlier }));
}
