/** What generation and edits leave alone: locked notes, and bars with all that sounds in them. */
import type { Change } from "../song/document.ts";
import { endOf, type Note, type Project, type Song } from "../song/model.ts";
import { type Bar, barNumber, barsWithin } from "./grid.ts";
import { union, without } from "./sets.ts";

/** Whether a note is protected, itself or by a bar that it sounds in. */
export function isLocked(project: Project, note: Note): boolean {
  return project.lockedNotes.has(note.id) || touchesLockedBar(project, note);
}

export function touchesLockedBar(
  project: Project,
  note: Pick<Note, "start" | "duration">,
): boolean {
  if (project.lockedBars.size === 0) return false;
  const first = barNumber(project.song, note.start);
  const last = barNumber(project.song, endOf(note) - 1);
  for (let bar = first; bar <= last; bar++) if (project.lockedBars.has(bar)) return true;
  return false;
}

/** Those of `ids` that may be edited. */
export function freeOf(project: Project, ids: ReadonlySet<number>): ReadonlySet<number> {
  if (!hasLocks(project)) return ids;
  const free = new Set<number>();
  for (const track of project.song.tracks) {
    for (const note of track.notes) {
      if (ids.has(note.id) && !isLocked(project, note)) free.add(note.id);
    }
  }
  return free;
}

/**
 * A change that is refused as a whole if it would touch what is locked.
 *
 * It would if a locked note were changed or gone afterwards, or if a note sounded in a locked bar
 * that did not before. Locks themselves, and the removal of a whole track, are not edits of notes.
 */
export function respectingLocks(change: Change): Change {
  return (project) => {
    const after = change(project);
    return hasLocks(project) && breaksLocks(project, after) ? project : after;
  };
}

function hasLocks(project: Project): boolean {
  return project.lockedNotes.size > 0 || project.lockedBars.size > 0;
}

function breaksLocks(before: Project, after: Project): boolean {
  return before.song.tracks.some((track) => {
    const changed = after.song.tracks.find((other) => other.id === track.id);
    return changed !== undefined && changed !== track && breaks(before, track.notes, changed.notes);
  });
}

function breaks(project: Project, before: readonly Note[], after: readonly Note[]): boolean {
  const kept = new Set(after);
  const known = new Set(before);
  return (
    before.some((note) => !kept.has(note) && isLocked(project, note)) ||
    after.some((note) => !known.has(note) && touchesLockedBar(project, note))
  );
}

/** Lock or unlock notes. */
export function lockingNotes(ids: ReadonlySet<number>, locked: boolean): Change {
  return (project) => {
    const lockedNotes = locked
      ? union(project.lockedNotes, ids)
      : without(project.lockedNotes, ids);
    const same = lockedNotes.size === project.lockedNotes.size;
    return same ? project : { ...project, lockedNotes };
  };
}

/** Lock or unlock bars, counted from 1. */
export function lockingBars(bars: ReadonlySet<number>, locked: boolean): Change {
  return (project) => {
    const lockedBars = locked ? union(project.lockedBars, bars) : without(project.lockedBars, bars);
    const same = lockedBars.size === project.lockedBars.size;
    return same ? project : { ...project, lockedBars };
  };
}

/** The bars in which music from tick `from` to tick `until` sounds. */
export function barsOf(song: Song, from: number, until: number): ReadonlySet<number> {
  return new Set(barsWithin(song, from, until).map((bar: Bar) => bar.number));
}
