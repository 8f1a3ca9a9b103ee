/** Edit events of a generation: which of them stand on others, and which are the surest. */
import type { EditEvent } from "../song/changes.ts";
import type { NewNote } from "../song/model.ts";
import type { Ids } from "./sets.ts";

const key = (track: number, note: NewNote): string =>
  `${track}:${note.start}:${note.pitch}:${note.duration}:${note.velocity}`;

type Needs = readonly (readonly number[])[];

const known = new WeakMap<readonly EditEvent[], Needs>();

/**
 * For each event, the earlier ones without which it cannot be applied: the last one that made the
 * note it takes away, or took away the note it makes.
 */
export function needs(events: readonly EditEvent[]): Needs {
  const found = known.get(events) ?? needsOf(events);
  known.set(events, found);
  return found;
}

function needsOf(events: readonly EditEvent[]): Needs {
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

/** `accepted` with `indices` too, and all that they stand on. */
export function accepting(
  events: readonly EditEvent[],
  accepted: Ids,
  ...indices: readonly number[]
): Ids {
  const needed = needs(events);
  const result = new Set(accepted);
  const waiting = [...indices];
  for (let event = waiting.pop(); event !== undefined; event = waiting.pop()) {
    if (result.has(event)) continue;
    result.add(event);
    waiting.push(...(needed[event] ?? []));
  }
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
  return accepting(events, new Set(), ...order.slice(0, count).map(({ index }) => index));
}
