/** Which notes lie in a stretch of time, by binary search. */
import { endOf, type Note } from "../song/model.ts";

type Notes = readonly Note[];

/** For each note, the latest end of all notes up to it: never falls, so it can be searched. */
const latestEnds = new WeakMap<Notes, Float64Array>();

function latestEndsOf(notes: Notes): Float64Array {
  const known = latestEnds.get(notes);
  if (known) return known;
  const ends = new Float64Array(notes.length);
  let latest = 0;
  for (const [index, note] of notes.entries()) {
    latest = Math.max(latest, endOf(note));
    ends[index] = latest;
  }
  latestEnds.set(notes, ends);
  return ends;
}

/** The first index from 0 to `length` for which `holds` is true, if it stays true from there on. */
export function firstWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The range of indices that holds every note sounding between `from` and `until`.
 *
 * `notes` is sorted by start. Notes in the range may have ended before `from`.
 */
export function rangeSounding(notes: Notes, from: number, until: number): [number, number] {
  const ends = latestEndsOf(notes);
  const first = firstWhere(notes.length, (index) => (ends[index] ?? 0) > from);
  const last = firstWhere(notes.length, (index) => (notes[index]?.start ?? 0) >= until);
  return [first, Math.max(first, last)];
}

/** Notes that sound between `from` and `until`, at pitches from `low` to `high`. */
export function notesSounding(
  notes: Notes,
  box: {
    readonly from: number;
    readonly until: number;
    readonly low: number;
    readonly high: number;
  },
): Note[] {
  const found: Note[] = [];
  const [first, last] = rangeSounding(notes, box.from, box.until);
  for (let index = first; index < last; index++) {
    const note = notes[index];
    if (note && endOf(note) > box.from && note.pitch >= box.low && note.pitch <= box.high) {
      found.push(note);
    }
  }
  return found;
}
