/** The notes of a song as rows, and which of them a window of a long table shows. */
import type { Note, Song, Track } from "../song/model.ts";
import { clamp } from "./view.ts";

export interface Row {
  readonly track: Track;
  readonly note: Note;
}

/** Up to this many rows a table is written whole. */
export const WHOLE = 500;
/** Rows beyond both edges of a window, so that the next one can take the focus. */
const OVER = 12;

/** Notes in the order of time, then tracks; of one track if `trackId` is not null. */
export function rowsOf(song: Song, trackId: number | null): Row[] {
  const tracks = song.tracks.filter((track) => trackId === null || track.id === trackId);
  const rows = tracks.flatMap((track) => track.notes.map((note) => ({ track, note })));
  // Sorting is stable: notes that begin together stay in the order of their tracks.
  return tracks.length > 1 ? rows.sort((a, b) => a.note.start - b.note.start) : rows;
}

export interface Window {
  readonly first: number;
  /** Without this one. */
  readonly end: number;
}

/** The rows to write for a scroll position, in pixels. */
export function windowOf(count: number, top: number, height: number, rowHeight: number): Window {
  if (count <= WHOLE) return { first: 0, end: count };
  const first = clamp(Math.floor(top / rowHeight) - OVER, 0, count);
  return { first, end: clamp(Math.ceil((top + height) / rowHeight) + OVER, first, count) };
}
