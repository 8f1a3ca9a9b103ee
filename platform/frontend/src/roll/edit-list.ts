/** Edit events of a generation: in words, and which of them stand on others. */
import { t } from "../lib/i18n.ts";
import type { Song } from "../song/model.ts";
import type { Overlay } from "./scene.ts";
import type { Ids } from "./sets.ts";
import { lengthName, pitchName, placeWithin } from "./words.ts";

export interface EditedNote {
  readonly start: number;
  readonly pitch: number;
  readonly duration: number;
  readonly velocity: number;
}

/** As the server writes them, in the model's order. `track` is the track's place in the song. */
export interface EditEvent {
  readonly kind: "add" | "remove" | "move";
  readonly track: number;
  readonly before: EditedNote | null;
  readonly after: EditedNote | null;
  readonly log_odds: number;
  readonly iteration: number;
}

/** "Removed F♯4 at bar 3 beat 2". */
export function eventInWords(song: Song, { before, after }: EditEvent): string {
  const at = (note: EditedNote): string =>
    t("{pitch} at {place}", {
      pitch: pitchName(note.pitch),
      place: placeWithin(song, note.start),
    });
  if (before && after)
    return t("Changed {note} to {changes}", {
      note: at(before),
      changes: differences(song, before, after),
    });
  if (after)
    return t("Added {note}, {length}", { note: at(after), length: lengthName(after.duration) });
  return before ? t("Removed {note}", { note: at(before) }) : t("Changed nothing");
}

function differences(song: Song, before: EditedNote, after: EditedNote): string {
  const parts = [
    before.pitch === after.pitch ? "" : pitchName(after.pitch),
    before.start === after.start ? "" : placeWithin(song, after.start),
    before.duration === after.duration ? "" : lengthName(after.duration),
    before.velocity === after.velocity
      ? ""
      : t("velocity {velocity}", { velocity: after.velocity }),
  ];
  return parts.filter(Boolean).join(", ");
}

const key = (track: number, note: EditedNote): string =>
  `${track}:${note.start}:${note.pitch}:${note.duration}:${note.velocity}`;

/**
 * For each event, the earlier ones without which it cannot be applied: the last one that made the
 * note it takes away, or took away the note it makes.
 */
export function needs(events: readonly EditEvent[]): readonly (readonly number[])[] {
  const made = new Map<string, number>();
  const gone = new Map<string, number>();
  return events.map((event, index) => {
    const found: number[] = [];
    if (event.before) {
      const maker = made.get(key(event.track, event.before));
      if (maker !== undefined) found.push(maker);
      gone.set(key(event.track, event.before), index);
    }
    if (event.after) {
      const remover = gone.get(key(event.track, event.after));
      if (remover !== undefined && remover !== index) found.push(remover);
      made.set(key(event.track, event.after), index);
    }
    return found;
  });
}

/** `accepted` with `index` too, and all that it stands on. */
export function accepting(events: readonly EditEvent[], accepted: Ids, index: number): Ids {
  const needed = needs(events);
  const result = new Set(accepted);
  const add = (event: number): void => {
    if (result.has(event)) return;
    result.add(event);
    for (const earlier of needed[event] ?? []) add(earlier);
  };
  add(index);
  return result;
}

/** `accepted` without `index`, and without all that stands on it. */
export function rejecting(events: readonly EditEvent[], accepted: Ids, index: number): Ids {
  const needed = needs(events);
  const gone = new Set([index]);
  for (let later = index + 1; later < events.length; later++) {
    if (needed[later]?.some((earlier) => gone.has(earlier))) gone.add(later);
  }
  return new Set([...accepted].filter((event) => !gone.has(event)));
}

/** The `count` events of the highest log-odds, and what they stand on. */
export function surest(events: readonly EditEvent[], count: number): Ids {
  const order = events.map((event, index) => ({ index, odds: event.log_odds }));
  order.sort((a, b) => b.odds - a.odds || a.index - b.index);
  let accepted: Ids = new Set();
  for (const { index } of order.slice(0, count)) accepted = accepting(events, accepted, index);
  return accepted;
}

/** What events leave behind, for the roll: notes added and removed on balance. */
export function overlayOf(events: readonly EditEvent[]): Overlay {
  const added = new Map<string, EditedNote>();
  const removed = new Map<string, EditedNote>();
  for (const { track, before, after } of events) {
    if (before && !added.delete(key(track, before))) removed.set(key(track, before), before);
    if (after && !removed.delete(key(track, after))) added.set(key(track, after), after);
  }
  return { added: [...added.values()], removed: [...removed.values()] };
}
