/**
 * Edit events of the AR-CNN, as the server lists them: replayed, accepted, rejected.
 *
 * An event counts tracks as the server does, from 0 and without those that have no notes.
 */
import { soundingTracks } from "./canonical.ts";
import { finite, listOf, nullable, oneOf, orNull, type Read, record, whole } from "./check.ts";
import { endOf, type NewNote, type Note, type Song, type Track, tidy } from "./model.ts";

/** One step of the editor: `before` became `after`. An added note has no `before`, a removed one no
 * `after`. `log_odds` says how much likelier the model found the piece's cell after it (natural
 * logarithm), `iteration` counts from 1. */
export interface EditEvent {
  readonly kind: "add" | "remove" | "move";
  readonly track: number;
  readonly before: NewNote | null;
  readonly after: NewNote | null;
  readonly log_odds: number;
  readonly iteration: number;
}

/** An accepted event that cannot be, and the event not made that it builds upon, if there is one. */
export interface Blocked {
  readonly event: number;
  readonly because: number | null;
}

export interface Applied {
  readonly song: Song;
  readonly blocked: readonly Blocked[];
}

const MAX_NUMBER = 2 ** 31;

const readNote: Read<NewNote> = record({
  start: whole(0, MAX_NUMBER),
  duration: whole(1, MAX_NUMBER),
  pitch: whole(0, 127),
  velocity: whole(1, 127),
});

const readEvents = listOf(
  record<EditEvent>({
    kind: oneOf("add", "remove", "move"),
    track: whole(0, MAX_NUMBER),
    before: nullable(readNote),
    after: nullable(readNote),
    log_odds: finite,
    iteration: whole(1, MAX_NUMBER),
  }),
);

/** The events in the server's JSON values, or null if they are damaged. */
export function parseEvents(value: unknown): EditEvent[] | null {
  const events = orNull(readEvents, value);
  return events?.every(isWhole) ? events : null;
}

function isWhole({ kind, before, after }: EditEvent): boolean {
  return (before === null) === (kind === "add") && (after === null) === (kind === "remove");
}

/** The track that an event changes; undefined if the song has none at its place. */
export function editedTrack(song: Song, event: Pick<EditEvent, "track">): Track | undefined {
  return soundingTracks(song)[event.track];
}

/** The song after the first `count` events. */
export function replay(song: Song, events: readonly EditEvent[], count = events.length): Song {
  return applyEvents(song, events, new Set(events.slice(0, count).keys())).song;
}

/** Make those of the accepted events (by place, from 0) that can be, in the model's order.
 *
 * An event cannot be if its `before` is not there, or another note is where its `after` would sound.
 * A moved note keeps its id; the note added by an event has the same id whatever else is accepted.
 */
export function applyEvents(
  song: Song,
  events: readonly EditEvent[],
  accepted: ReadonlySet<number>,
): Applied {
  const drafts = soundingTracks(song).map((track) => new Draft(track));
  const unmade: number[] = [];
  const blocked: Blocked[] = [];
  for (const [index, event] of events.entries()) {
    const obstacle = accepted.has(index) ? obstacleTo(event, drafts[event.track]) : null;
    if (accepted.has(index) && !obstacle) {
      drafts[event.track]?.apply(event, song.nextId + index);
      continue;
    }
    if (obstacle) blocked.push({ event: index, because: cause(obstacle, event, events, unmade) });
    unmade.push(index);
  }
  return { song: songOf(song, drafts, events.length), blocked };
}

function songOf(song: Song, drafts: readonly Draft[], ids: number): Song {
  const changed = new Map(drafts.filter((d) => d.isChanged).map((d) => [d.track.id, d.result]));
  if (changed.size === 0) return song;
  const tracks = song.tracks.map((track) => changed.get(track.id) ?? track);
  return { ...song, tracks, nextId: song.nextId + ids };
}

/** What keeps an event from being made: the note it lacks, or the one in its way. */
type Obstacle = { readonly lacks: NewNote } | { readonly inTheWay: Note } | "no track";

function obstacleTo({ before, after }: EditEvent, draft: Draft | undefined): Obstacle | null {
  if (!draft) return "no track";
  const moved = before && draft.find(before);
  if (before && !moved) return { lacks: before };
  const inTheWay = after && draft.noteIn(after, moved);
  return inTheWay ? { inTheWay } : null;
}

function cause(
  obstacle: Obstacle,
  { track }: EditEvent,
  events: readonly EditEvent[],
  unmade: readonly number[],
): number | null {
  const isCause = (index: number): boolean => {
    const other = events[index];
    if (obstacle === "no track" || other?.track !== track) return false;
    if ("lacks" in obstacle) return isSame(other.after, obstacle.lacks);
    return isSame(other.before, obstacle.inTheWay);
  };
  return unmade.findLast(isCause) ?? null;
}

function isSame(a: NewNote | null, b: NewNote): boolean {
  return (
    a !== null &&
    a.start === b.start &&
    a.pitch === b.pitch &&
    a.duration === b.duration &&
    a.velocity === b.velocity
  );
}

/** The notes of a track while events change them. */
class Draft {
  readonly track: Track;
  readonly #byPitch = new Map<number, Set<Note>>();
  isChanged = false;

  constructor(track: Track) {
    this.track = track;
    for (const note of track.notes) this.#add(note);
  }

  get result(): Track {
    return { ...this.track, notes: tidy([...this.#byPitch.values()].flatMap((set) => [...set])) };
  }

  find(wanted: NewNote): Note | null {
    return this.#search(wanted.pitch, (note) => isSame(note, wanted));
  }

  /** A note that sounds where `wanted` would, other than `except`. */
  noteIn(wanted: NewNote, except: Note | null): Note | null {
    return this.#search(
      wanted.pitch,
      (note) => note !== except && note.start < endOf(wanted) && endOf(note) > wanted.start,
    );
  }

  apply({ before, after }: EditEvent, newId: number): void {
    this.isChanged = true;
    const old = before && this.find(before);
    if (old) this.#byPitch.get(old.pitch)?.delete(old);
    if (after) this.#add({ ...after, id: old?.id ?? newId });
  }

  #add(note: Note): void {
    const known = this.#byPitch.get(note.pitch);
    if (known) known.add(note);
    else this.#byPitch.set(note.pitch, new Set([note]));
  }

  #search(pitch: number, holds: (note: Note) => boolean): Note | null {
    for (const note of this.#byPitch.get(pitch) ?? []) if (holds(note)) return note;
    return null;
  }
}
