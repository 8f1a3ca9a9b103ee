/** Edit events in words, for the list of edits and for screen readers. */
import { t } from "../lib/i18n.ts";
import { type EditEvent, editedTrack } from "./changes.ts";
import type { NewNote, Song } from "./model.ts";
import { lengthName, noteName, placeWithin } from "./words.ts";

/** "Removed F♯4 at bar 3 beat 2", "Changed E4 at bar 3 beat 2 to F4", and so on. */
export function eventInWords(song: Song, event: EditEvent): string {
  const { before, after } = event;
  const name = (note: NewNote): string => noteName(song, editedTrack(song, event), note);
  const at = (note: NewNote): string =>
    t("{pitch} at {place}", { pitch: name(note), place: placeWithin(song, note.start) });
  if (before && after) {
    const changes = differences(song, before, after, name);
    return t("Changed {note} to {changes}", { note: at(before), changes });
  }
  if (after)
    return t("Added {note}, {length}", { note: at(after), length: lengthName(after.duration) });
  return before ? t("Removed {note}", { note: at(before) }) : t("Changed nothing");
}

function differences(
  song: Song,
  before: NewNote,
  after: NewNote,
  name: (note: NewNote) => string,
): string {
  const parts = [
    before.pitch === after.pitch ? "" : name(after),
    before.start === after.start ? "" : placeWithin(song, after.start),
    before.duration === after.duration ? "" : lengthName(after.duration),
    before.velocity === after.velocity
      ? ""
      : t("velocity {velocity}", { velocity: after.velocity }),
  ];
  return parts.filter(Boolean).join(", ");
}
