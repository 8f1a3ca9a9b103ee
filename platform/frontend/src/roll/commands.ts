/**
 * What a person does to notes, as named commands of the document.
 *
 * Each skips what is locked and returns the sentence to announce. A command that a lock forbids
 * changes nothing and says so.
 */
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
import { copied, pasting } from "./clip.ts";
import type { Desk } from "./desk.ts";
import { barsOf, freeOf, lockingBars, lockingNotes, respectingLocks } from "./locks.ts";
import type { Ids } from "./sets.ts";
import { counted, pitchName } from "./words.ts";

export const LOCKED = "That is locked. Unlock it to change it.";
export const NO_TRACK = "There is no track yet. Add one first.";
export const NOTHING_CHOSEN = "No note is selected.";

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
  return document.run(name, change) ? `${name}.` : LOCKED;
}

/** Run a change of notes; the name counts those that are free to change. */
function runOn(document: StudioDocument, ids: Ids, verb: string, change: Change): string {
  const present = notesWith(document.committed.song, ids).length;
  if (present === 0) return NOTHING_CHOSEN;
  const free = freeOf(document.committed, ids);
  if (free.size === 0) return LOCKED;
  const count = notesWith(document.committed.song, free).length;
  return document.run(`${verb} ${counted(count, "note")}`, change)
    ? `${verb} ${counted(count, "note")}.`
    : "Nothing to change there.";
}

export function draw(document: StudioDocument, trackId: number, note: NewNote): string {
  return run(document, `Draw ${pitchName(note.pitch)}`, drawing(trackId, note));
}

export function remove(document: StudioDocument, ids: Ids): string {
  return runOn(document, ids, "Delete", removing(ids));
}

export function move(document: StudioDocument, ids: Ids, ticks: number, semitones: number): string {
  const verb = ticks === 0 ? "Transpose" : "Move";
  return runOn(document, ids, verb, moving(ids, ticks, semitones));
}

export function resize(document: StudioDocument, ids: Ids, ticks: number, least: number): string {
  const verb = ticks > 0 ? "Lengthen" : "Shorten";
  return runOn(document, ids, verb, resizing(ids, ticks, least));
}

/** Give notes one length, in ticks. */
export function setLength(document: StudioDocument, ids: Ids, duration: number): string {
  const change = editingFree(ids, (song, free) =>
    changeNotes(song, free, (note) => (note.duration === duration ? note : { ...note, duration })),
  );
  return runOn(document, ids, "Change the length of", change);
}

export function louder(document: StudioDocument, ids: Ids, by: number): string {
  const verb = by > 0 ? "Strengthen" : "Soften";
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
    "Change the velocity of",
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
  return runOn(document, ids, "Change the velocity of", paintedVelocities(painted));
}

/** Change one note's numbers; null: done, else why not. `what` names them: "pitch". */
export function changeNote(
  document: StudioDocument,
  id: number,
  what: string,
  to: Partial<NewNote>,
): string | null {
  const ids = new Set([id]);
  const change = editing((song) => changeNotes(song, ids, (note) => ({ ...note, ...to })));
  return document.run(`Change the ${what} of a note`, change) ? null : LOCKED;
}

/** Remember notes for pasting. */
export function copy(document: StudioDocument, desk: Desk): string {
  const clip = copied(document.committed.song, desk.state.selection);
  if (!clip) return NOTHING_CHOSEN;
  desk.set({ clip });
  return `${counted(clip.notes.length, "note")} copied.`;
}

export function cut(document: StudioDocument, desk: Desk): string {
  const said = copy(document, desk);
  if (said === NOTHING_CHOSEN) return said;
  return runOn(document, desk.state.selection, "Cut", removing(desk.state.selection));
}

/** Paste at tick `at`, and select what was pasted. */
export function paste(document: StudioDocument, desk: Desk, at: number): string {
  const { clip } = desk.state;
  const track = desk.activeIn(document.committed.song);
  if (!clip || !track) return "Nothing was copied yet.";
  const name = `Paste ${counted(clip.notes.length, "note")}`;
  return runAdding(document, desk, name, pasting(clip, at, track.id));
}

/** Repeat the chosen notes right after themselves, and select the copy. */
export function duplicate(document: StudioDocument, desk: Desk, snap: number): string {
  const clip = copied(document.committed.song, desk.state.selection);
  const track = desk.activeIn(document.committed.song);
  if (!clip || !track) return NOTHING_CHOSEN;
  const chosen = notesWith(document.committed.song, desk.state.selection);
  const first = Math.min(...chosen.map((note) => note.start));
  const step = snap > 0 ? Math.ceil(clip.length / snap) * snap : clip.length;
  const name = `Duplicate ${counted(clip.notes.length, "note")}`;
  return runAdding(document, desk, name, pasting(clip, first + step, track.id));
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
  if (said !== LOCKED) desk.set({ selection: notesSince(document.committed, nextId) });
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
    "Trim the piece",
    editing((song) => trim(song, from, until)),
  );
}

/** Lock the chosen notes, or unlock them if all of them are locked. */
export function toggleLock(document: StudioDocument, ids: Ids): string {
  const { song, lockedNotes } = document.committed;
  const chosen = new Set(notesWith(song, ids).map((note) => note.id));
  if (chosen.size === 0) return NOTHING_CHOSEN;
  const lock = ![...chosen].every((id) => lockedNotes.has(id));
  const name = `${lock ? "Lock" : "Unlock"} ${counted(chosen.size, "note")}`;
  return run(document, name, lockingNotes(chosen, lock));
}

/** Lock the bars between two ticks, or unlock them if all of them are locked. */
export function toggleBarLock(document: StudioDocument, from: number, until: number): string {
  const { song, lockedBars } = document.committed;
  const bars = barsOf(song, from, until);
  const lock = ![...bars].every((bar) => lockedBars.has(bar));
  const first = Math.min(...bars);
  const which = bars.size === 1 ? `bar ${first}` : `bars ${first} to ${Math.max(...bars)}`;
  return run(document, `${lock ? "Lock" : "Unlock"} ${which}`, lockingBars(bars, lock));
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
