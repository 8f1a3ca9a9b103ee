/** How commands on notes are run: locks are respected, and a sentence says what was done. */
import { t } from "../lib/i18n.ts";
import type { Change, StudioDocument } from "../song/document.ts";
import { notesWith, withSong } from "../song/edits.ts";
import type { Song } from "../song/model.ts";
import { freeOf, respectingLocks } from "./locks.ts";
import type { Ids } from "./sets.ts";

export const locked = (): string => t("That is locked. Unlock it to change it.");
export const noTrack = (): string => t("There is no track yet. Add one first.");
export const nothingChosen = (): string => t("No note is selected.");

/** The name of a command on a number of notes. */
export type Naming = (count: number) => string;

/** An edit of a song as a change that respects locks. */
export function editing(edit: (song: Song) => Song): Change {
  return respectingLocks((project) => withSong(project, edit(project.song)));
}

/** A change of the free ones among `ids`. */
export function editingFree(ids: Ids, edit: (song: Song, free: Ids) => Song): Change {
  return respectingLocks((project) => withSong(project, edit(project.song, freeOf(project, ids))));
}

/** Run a change by name; say what was done, or why nothing was. */
export function run(document: StudioDocument, name: string, change: Change): string {
  return document.run(name, change) ? `${name}.` : locked();
}

/** Run a change of notes; the name counts those that are free to change. */
export function runOn(document: StudioDocument, ids: Ids, nameOf: Naming, change: Change): string {
  const present = notesWith(document.committed.song, ids).length;
  if (present === 0) return nothingChosen();
  const free = freeOf(document.committed, ids);
  if (free.size === 0) return locked();
  const name = nameOf(notesWith(document.committed.song, free).length);
  return document.run(name, change) ? `${name}.` : t("Nothing to change there.");
}
