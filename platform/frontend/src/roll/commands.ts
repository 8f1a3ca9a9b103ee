/**
 * What a person does to notes, as named commands of the document.
 *
 * Each skips what is locked and returns the sentence to announce. A command that a lock forbids
 * changes nothing and says so.
 */
import { plural, t } from "../lib/i18n.ts";
import { type Clip, copyNotes, duplicateNotes, pasteNotes } from "../song/clipboard.ts";
import type { Change, StudioDocument } from "../song/document.ts";
import {
  addNotes,
  changeNotes,
  moveNotes,
  notesWith,
  removeNotes,
  resizeNotes,
  setVelocity,
  transposable,
  trim,
  withSong,
} from "../song/edits.ts";
import { endOf, type NewNote, type Note, type Project, type Song, trackOf } from "../song/model.ts";
import { joinNotes, splitNotes } from "../song/shaping.ts";
import { noteName } from "../song/words.ts";
import type { Desk } from "./desk.ts";
import { respectingLocks } from "./locks.ts";
import { editing, editingFree, locked, type Naming, nothingChosen, run, runOn } from "./running.ts";
import type { Ids } from "./sets.ts";

export { toggleBarLock, toggleLock } from "./lock-commands.ts";
export { locked, noTrack, nothingChosen } from "./running.ts";

export const moving = (ids: Ids, ticks: number, semitones: number): Change =>
  editingFree(ids, (song, free) => moveNotes(song, free, ticks, semitones));

export const resizing = (ids: Ids, ticks: number, least: number): Change =>
  editingFree(ids, (song, free) => resizeNotes(song, free, ticks, least));

export const removing = (ids: Ids): Change =>
  editingFree(ids, (song, free) => removeNotes(song, free));

export const drawing = (trackId: number, note: NewNote): Change =>
  editing((song) => addNotes(song, trackId, [note]));

export const velocities = (ids: Ids, of: (note: Note) => number): Change =>
  editingFree(ids, (song, free) => setVelocity(song, free, of));

const deleting: Naming = (n) => plural("Delete {count} note", "Delete {count} notes", n);
const cutting: Naming = (n) => plural("Cut {count} note", "Cut {count} notes", n);
const transposing: Naming = (n) => plural("Transpose {count} note", "Transpose {count} notes", n);
const movingNotes: Naming = (n) => plural("Move {count} note", "Move {count} notes", n);
const lengthening: Naming = (n) => plural("Lengthen {count} note", "Lengthen {count} notes", n);
const shortening: Naming = (n) => plural("Shorten {count} note", "Shorten {count} notes", n);
const strengthening: Naming = (n) =>
  plural("Strengthen {count} note", "Strengthen {count} notes", n);
const softening: Naming = (n) => plural("Soften {count} note", "Soften {count} notes", n);
const splitting: Naming = (n) => plural("Split {count} note", "Split {count} notes", n);
const joining: Naming = (n) => plural("Join {count} note", "Join {count} notes", n);
const changingLengths: Naming = (n) =>
  plural("Change the length of {count} note", "Change the length of {count} notes", n);
const changingVelocities: Naming = (n) =>
  plural("Change the velocity of {count} note", "Change the velocity of {count} notes", n);

export function draw(document: StudioDocument, trackId: number, note: NewNote): string {
  const { song } = document.committed;
  const pitch = noteName(song, trackOf(song, trackId), note);
  return run(document, t("Draw {pitch}", { pitch }), drawing(trackId, note));
}

export function remove(document: StudioDocument, ids: Ids): string {
  return runOn(document, ids, deleting, removing(ids));
}

export function move(document: StudioDocument, ids: Ids, ticks: number, semitones: number): string {
  if (ticks !== 0) return runOn(document, ids, movingNotes, moving(ids, ticks, semitones));
  const moved = transposable(document.committed.song, ids);
  return runOn(document, moved, transposing, moving(moved, 0, semitones));
}

export function resize(document: StudioDocument, ids: Ids, ticks: number, least: number): string {
  const verb = ticks > 0 ? lengthening : shortening;
  return runOn(document, ids, verb, resizing(ids, ticks, least));
}

/** Give notes one length, in ticks. */
export function setLength(document: StudioDocument, ids: Ids, duration: number): string {
  const change = editingFree(ids, (song, free) =>
    changeNotes(song, free, (note) => (note.duration === duration ? note : { ...note, duration })),
  );
  return runOn(document, ids, changingLengths, change);
}

/** Cut in two those of the notes that sound across a tick. */
export function split(document: StudioDocument, ids: Ids, tick: number): string {
  const across = notesWith(document.committed.song, ids).filter(
    (note) => note.start < tick && tick < endOf(note),
  );
  if (across.length === 0) return t("No selected note sounds across that place.");
  const change = editingFree(ids, (song, free) => splitNotes(song, free, tick));
  return runOn(document, new Set(across.map((note) => note.id)), splitting, change);
}

/** Make one note of the notes of each pitch that follow each other. */
export function join(document: StudioDocument, ids: Ids): string {
  return runOn(document, ids, joining, editingFree(ids, joinNotes));
}

export function louder(document: StudioDocument, ids: Ids, by: number): string {
  const verb = by > 0 ? strengthening : softening;
  return runOn(
    document,
    ids,
    verb,
    velocities(ids, (note) => note.velocity + by),
  );
}

export function setVelocityOf(document: StudioDocument, ids: Ids, velocity: number): string {
  return runOn(
    document,
    ids,
    changingVelocities,
    velocities(ids, () => velocity),
  );
}

/** Each note its own velocity, by id. */
export function paintedVelocities(painted: ReadonlyMap<number, number>): Change {
  return velocities(new Set(painted.keys()), (note) => painted.get(note.id) ?? note.velocity);
}

export function paintVelocities(
  document: StudioDocument,
  painted: ReadonlyMap<number, number>,
): string {
  const ids = new Set(painted.keys());
  return runOn(document, ids, changingVelocities, paintedVelocities(painted));
}

/** Change one note's numbers; null: done, else why not. */
export function changeNote(
  document: StudioDocument,
  id: number,
  name: string,
  to: Partial<NewNote>,
): string | null {
  const ids = new Set([id]);
  const change = editing((song) => changeNotes(song, ids, (note) => ({ ...note, ...to })));
  return document.run(name, change) ? null : locked();
}

/** Remember notes for pasting. */
export function copy(document: StudioDocument, desk: Desk): string {
  const clip = copyNotes(document.committed.song, desk.state.selection);
  if (!clip) return nothingChosen();
  desk.set({ clip });
  return plural("{count} note copied.", "{count} notes copied.", sizeOf(clip));
}

export function cut(document: StudioDocument, desk: Desk): string {
  const said = copy(document, desk);
  if (said === nothingChosen()) return said;
  return runOn(document, desk.state.selection, cutting, removing(desk.state.selection));
}

function sizeOf(clip: Clip): number {
  return clip.parts.reduce((sum, part) => sum + part.notes.length, 0);
}

/** Paste at tick `at`, and select what was pasted. */
export function paste(document: StudioDocument, desk: Desk, at: number): string {
  const { clip } = desk.state;
  const track = desk.activeIn(document.committed.song);
  if (!clip || !track) return t("Nothing was copied yet.");
  const name = plural("Paste {count} note", "Paste {count} notes", sizeOf(clip));
  return runAdding(document, desk, name, (project) =>
    withSong(project, pasteNotes(project.song, clip, at, track.id).song),
  );
}

/** Repeat the chosen notes right behind themselves on the grid, and select the copy. */
export function duplicate(document: StudioDocument, desk: Desk, snap: number): string {
  const { selection } = desk.state;
  const count = notesWith(document.committed.song, selection).length;
  if (count === 0) return nothingChosen();
  const name = plural("Duplicate {count} note", "Duplicate {count} notes", count);
  return runAdding(document, desk, name, (project) =>
    withSong(project, duplicateNotes(project.song, selection, Math.max(snap, 1)).song),
  );
}

/** Run a change that adds notes, and select those. */
export function runAdding(
  document: StudioDocument,
  desk: Desk,
  name: string,
  change: Change,
): string {
  const { nextId } = document.committed.song;
  const said = run(document, name, respectingLocks(change));
  if (said !== locked()) desk.set({ selection: notesSince(document.committed, nextId) });
  return said;
}

function notesSince(project: Project, id: number): Ids {
  const notes = project.song.tracks.flatMap((track) => track.notes);
  return new Set(notes.filter((note) => note.id >= id).map((note) => note.id));
}

/** Keep the music between two ticks, moved to the start of the piece. */
export function trimTo(document: StudioDocument, from: number, until: number): string {
  return run(
    document,
    t("Trim the piece"),
    editing((song) => trim(song, from, until)),
  );
}

/** The stretch from the first start to the last end of notes; null without any. */
export function spanOf(song: Song, ids: Ids): { from: number; until: number } | null {
  const chosen = notesWith(song, ids);
  if (chosen.length === 0) return null;
  return {
    from: Math.min(...chosen.map((note) => note.start)),
    until: Math.max(...chosen.map(endOf)),
  };
}
