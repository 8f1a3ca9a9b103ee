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
  trim,
  withSong,
} from "../song/edits.ts";
import { endOf, type NewNote, type Note, type Project, type Song } from "../song/model.ts";
import type { Desk } from "./desk.ts";
import { barsOf, freeOf, lockingBars, lockingNotes, respectingLocks } from "./locks.ts";
import type { Ids } from "./sets.ts";
import { pitchName } from "./words.ts";

export const locked = (): string => t("That is locked. Unlock it to change it.");
export const noTrack = (): string => t("There is no track yet. Add one first.");
export const nothingChosen = (): string => t("No note is selected.");

/** An edit of a song as a change that respects locks. */
export function editing(edit: (song: Song) => Song): Change {
  return respectingLocks((project) => withSong(project, edit(project.song)));
}

/** A change of the free ones among `ids`. */
export function editingFree(ids: Ids, edit: (song: Song, free: Ids) => Song): Change {
  return respectingLocks((project) => withSong(project, edit(project.song, freeOf(project, ids))));
}

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

/** Run a change by name; say what was done, or why nothing was. */
function run(document: StudioDocument, name: string, change: Change): string {
  return document.run(name, change) ? `${name}.` : locked();
}

/** The name of a command on a number of notes. */
type Naming = (count: number) => string;

const deleting: Naming = (n) => plural("Delete {count} note", "Delete {count} notes", n);
const cutting: Naming = (n) => plural("Cut {count} note", "Cut {count} notes", n);
const transposing: Naming = (n) => plural("Transpose {count} note", "Transpose {count} notes", n);
const movingNotes: Naming = (n) => plural("Move {count} note", "Move {count} notes", n);
const lengthening: Naming = (n) => plural("Lengthen {count} note", "Lengthen {count} notes", n);
const shortening: Naming = (n) => plural("Shorten {count} note", "Shorten {count} notes", n);
const strengthening: Naming = (n) =>
  plural("Strengthen {count} note", "Strengthen {count} notes", n);
const softening: Naming = (n) => plural("Soften {count} note", "Soften {count} notes", n);
const changingLengths: Naming = (n) =>
  plural("Change the length of {count} note", "Change the length of {count} notes", n);
const changingVelocities: Naming = (n) =>
  plural("Change the velocity of {count} note", "Change the velocity of {count} notes", n);

/** Run a change of notes; the name counts those that are free to change. */
function runOn(document: StudioDocument, ids: Ids, nameOf: Naming, change: Change): string {
  const present = notesWith(document.committed.song, ids).length;
  if (present === 0) return nothingChosen();
  const free = freeOf(document.committed, ids);
  if (free.size === 0) return locked();
  const name = nameOf(notesWith(document.committed.song, free).length);
  return document.run(name, change) ? `${name}.` : t("Nothing to change there.");
}

export function draw(document: StudioDocument, trackId: number, note: NewNote): string {
  return run(document, t("Draw {pitch}", { pitch: pitchName(note.pitch) }), drawing(trackId, note));
}

export function remove(document: StudioDocument, ids: Ids): string {
  return runOn(document, ids, deleting, removing(ids));
}

export function move(document: StudioDocument, ids: Ids, ticks: number, semitones: number): string {
  const verb = ticks === 0 ? transposing : movingNotes;
  return runOn(document, ids, verb, moving(ids, ticks, semitones));
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

/** Lock the chosen notes, or unlock them if all of them are locked. */
export function toggleLock(document: StudioDocument, ids: Ids): string {
  const { song, lockedNotes } = document.committed;
  const chosen = new Set(notesWith(song, ids).map((note) => note.id));
  if (chosen.size === 0) return nothingChosen();
  const lock = ![...chosen].every((id) => lockedNotes.has(id));
  const name = lock
    ? plural("Lock {count} note", "Lock {count} notes", chosen.size)
    : plural("Unlock {count} note", "Unlock {count} notes", chosen.size);
  return run(document, name, lockingNotes(chosen, lock));
}

/** Lock the bars between two ticks, or unlock them if all of them are locked. */
export function toggleBarLock(document: StudioDocument, from: number, until: number): string {
  const { song, lockedBars } = document.committed;
  const bars = barsOf(song, from, until);
  const lock = ![...bars].every((bar) => lockedBars.has(bar));
  const first = Math.min(...bars);
  return run(document, barsNamed(lock, first, Math.max(...bars)), lockingBars(bars, lock));
}

function barsNamed(lock: boolean, first: number, last: number): string {
  if (first === last) {
    return lock ? t("Lock bar {bar}", { bar: first }) : t("Unlock bar {bar}", { bar: first });
  }
  return lock
    ? t("Lock bars {first} to {last}", { first, last })
    : t("Unlock bars {first} to {last}", { first, last });
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
