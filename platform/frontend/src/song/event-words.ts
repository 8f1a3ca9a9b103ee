/** Edit events in words, for the table of edits and for screen readers. */
import type { EditEvent } from "./changes.ts";
import type { NewNote, Song } from "./model.ts";
import { lengthInWords, pitchName, positionInWords, sharpsAt } from "./words.ts";

/** "Added F♯4, quarter: bar 3 beat 2", "Moved E4 to F4: bar 3 beat 2", and so on. */
export function eventInWords(song: Song, { before, after }: EditEvent): string {
  const name = (note: NewNote): string => pitchName(note.pitch, sharpsAt(song, note.start));
  const whole = (note: NewNote): string => `${name(note)}, ${lengthInWords(note.duration)}`;
  const place = (note: NewNote): string => positionInWords(song, note.start).toLowerCase();
  if (!before || !after) {
    const note = before ?? after;
    return note ? `${before ? "Removed" : "Added"} ${whole(note)}: ${place(note)}` : "";
  }
  return `${changed(before, after, name)}: ${place(after)}`;
}

function changed(before: NewNote, after: NewNote, name: (note: NewNote) => string): string {
  if (before.pitch !== after.pitch) return `Moved ${name(before)} to ${name(after)}`;
  if (before.duration === after.duration) return `Shifted ${name(before)}`;
  const verb = after.duration > before.duration ? "Lengthened" : "Shortened";
  return `${verb} ${name(before)} to ${lengthInWords(after.duration)}`;
}
