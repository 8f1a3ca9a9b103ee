/** Notes drawn to a grid of beats: the Studio's rhythm assist. */
import { changeNotes, type NoteIds, notesWith } from "./edits.ts";
import { endOf, type Note, type Song } from "./model.ts";

export interface QuantizeOptions {
  /** Ticks from line to line, 1 or more: 120 for sixteenths. */
  readonly grid: number;
  /** How far notes are drawn to their line: 0 not at all, 1 all the way. */
  readonly strength: number;
  /** How late every second line is: 0 straight, 1 in triplets (long, short). */
  readonly swing: number;
  /** Whether ends are drawn to the grid too; else every note keeps its length. */
  readonly ends: boolean;
}

/** Return the notes, in the order given, with onsets drawn to the nearest line of the grid.
 *
 * No note overtakes another. With `ends`, a note that would vanish lasts until the next line. Notes
 * that do not change are returned as they are; those of one pitch may come to overlap.
 */
export function quantize(notes: readonly Note[], options: QuantizeOptions): Note[] {
  return notes.map((note) => quantized(note, options));
}

/** Quantize some notes of a song; of notes that fall together on one pitch one remains. */
export function quantizeNotes(song: Song, ids: NoteIds, options: QuantizeOptions): Song {
  return changeNotes(song, ids, (note) => quantized(note, options));
}

/** How many of the notes have an onset off the grid, and so would move. */
export function countOffGrid(song: Song, ids: NoteIds, options: QuantizeOptions): number {
  return notesWith(song, ids).filter(
    ({ start }) => lineAt(nearest(start, options), options) !== start,
  ).length;
}

function quantized(note: Note, options: QuantizeOptions): Note {
  const line = nearest(note.start, options);
  const start = drawn(note.start, line, options);
  const end = options.ends
    ? drawn(endOf(note), Math.max(nearest(endOf(note), options), line + 1), options)
    : start + note.duration;
  const duration = Math.max(end - start, 1);
  return start === note.start && duration === note.duration ? note : { ...note, start, duration };
}

function drawn(tick: number, line: number, options: QuantizeOptions): number {
  return Math.round(tick + options.strength * (lineAt(line, options) - tick));
}

/** The tick of a line, counted from 0. */
function lineAt(line: number, { grid, swing }: QuantizeOptions): number {
  return line % 2 === 0 ? line * grid : Math.round((line + swing / 3) * grid);
}

/** The line nearest to a tick, the later one of two. */
function nearest(tick: number, options: QuantizeOptions): number {
  const after = Math.floor(tick / options.grid) + 1;
  const lines = [after, after - 1, after - 2].filter((line) => line >= 0);
  const distance = (line: number): number => Math.abs(lineAt(line, options) - tick);
  return lines.reduce((best, line) => (distance(line) < distance(best) ? line : best));
}
