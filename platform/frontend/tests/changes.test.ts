import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { soundingTracks } from "../src/song/canonical.ts";
import { applyEvents, type EditEvent, parseEvents, replay } from "../src/song/changes.ts";
import { compareSongs } from "../src/song/compare.ts";
import { addTrack } from "../src/song/edits.ts";
import { EMPTY_SONG, endOf, type NewNote, type Song, tidy } from "../src/song/model.ts";
import { newNote, song } from "./arbitrary.ts";

/** A song, events that fit it, and the notes of its tracks after them. */
interface Edited {
  readonly song: Song;
  readonly events: readonly EditEvent[];
  readonly after: readonly (readonly NewNote[])[];
}

const wish = fc.record({
  track: fc.nat(20),
  place: fc.nat(20),
  kind: fc.constantFrom("add", "remove", "move"),
  note: newNote,
});
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;

/** Make wishes into events where they can be made, one after the other, on plain lists. */
function fulfilled(made: Song, wishes: readonly Wish[]): Edited {
  const after = soundingTracks(made).map((t) => t.notes.map(({ id: _, ...about }) => about));
  const events: EditEvent[] = [];
  for (const { track, place, kind, note } of wishes) {
    const notes = after[track];
    const before = kind === "add" ? undefined : notes?.[place];
    if (!notes || (kind !== "add" && !before)) continue;
    const others = notes.filter((n) => n !== before);
    const isFree = !others.some(
      (n) => n.pitch === note.pitch && n.start < endOf(note) && endOf(n) > note.start,
    );
    if (kind !== "remove" && !isFree) continue;
    const becomes = kind === "remove" ? null : note;
    const about = { track, log_odds: 1, iteration: events.length + 1 };
    events.push({ kind, before: before ?? null, after: becomes, ...about } as EditEvent);
    after[track] = becomes ? [...others, becomes] : others;
  }
  return { song: made, events, after };
}

const edited = fc.tuple(song, fc.array(wish, { maxLength: 30 })).map((made) => fulfilled(...made));
const editedInPart = edited.chain((made) =>
  fc.subarray([...made.events.keys()]).map((chosen) => [made, new Set(chosen)] as const),
);

const all = (events: readonly EditEvent[]): Set<number> => new Set(events.keys());
const sorted = (notes: readonly NewNote[]): NewNote[] =>
  tidy(notes.map((note) => ({ ...note, id: 0 }))).map(({ id: _, ...note }) => note);

test("replaying all events gives exactly the result, and none the song itself", () => {
  fc.assert(
    fc.property(edited, ({ song: made, events, after }) => {
      const places = soundingTracks(made).map((track) => made.tracks.indexOf(track));
      const result = replay(made, events);
      assert.deepEqual(
        places.map((place) => result.tracks[place]?.notes.map(({ id: _, ...about }) => about)),
        after.map(sorted),
      );
      assert.equal(replay(made, events, 0), made);
    }),
  );
});

test("accepting all is replaying, accepting none is the song itself", () => {
  fc.assert(
    fc.property(edited, ({ song: made, events }) => {
      const applied = applyEvents(made, events, all(events));
      assert.deepEqual(applied, { song: replay(made, events), blocked: [] });
      assert.equal(applyEvents(made, events, new Set()).song, made);
    }),
  );
});

test("accepting a part makes a tidy song, and blocks only accepted events, for an unmade one", () => {
  fc.assert(
    fc.property(editedInPart, ([{ song: made, events }, accepted]) => {
      const { song: result, blocked } = applyEvents(made, events, accepted);
      const isMade = (index: number) =>
        accepted.has(index) && !blocked.some(({ event }) => event === index);
      for (const { event, because } of blocked) {
        assert.ok(accepted.has(event));
        assert.ok(because !== null && because < event && !isMade(because));
      }
      for (const track of result.tracks) assert.deepEqual(tidy(track.notes), track.notes);
      const ids = result.tracks.flatMap((track) => track.notes.map((note) => note.id));
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(ids.every((id) => id < result.nextId));
    }),
  );
});

test("leaving out what was blocked changes nothing", () => {
  fc.assert(
    fc.property(editedInPart, ([{ song: made, events }, accepted]) => {
      const { song: result, blocked } = applyEvents(made, events, accepted);
      const rest = new Set([...accepted].filter((i) => !blocked.some(({ event }) => event === i)));
      assert.deepEqual(applyEvents(made, events, rest), { song: result, blocked: [] });
    }),
  );
});

test("a note moved twice cannot be moved on when its first move is rejected", () => {
  const at = (pitch: number): NewNote => ({ start: 0, duration: 480, pitch, velocity: 80 });
  const move = (from: number, to: number): EditEvent => ({
    kind: "move",
    track: 0,
    before: at(from),
    after: at(to),
    log_odds: 0.5,
    iteration: 1,
  });
  // A track without notes is none of the server's.
  const made = addTrack(addTrack(EMPTY_SONG, {}), { notes: [at(60)] });
  const events = [
    move(60, 62),
    move(62, 64),
    { ...move(0, 60), kind: "add", before: null } as const,
  ];

  const { song: result, blocked } = applyEvents(made, events, new Set([1, 2]));

  assert.deepEqual(blocked, [
    { event: 1, because: 0 },
    { event: 2, because: 0 },
  ]);
  assert.equal(result, made);
  assert.deepEqual(
    replay(made, events).tracks[1]?.notes.map((n) => [
      n.pitch,
      n.id === made.tracks[1]?.notes[0]?.id,
    ]),
    [
      [60, false],
      [64, true],
    ],
  );
});

test("events are read from JSON as the server writes them, and refused when damaged", () => {
  fc.assert(
    fc.property(edited, ({ events }) => {
      assert.deepEqual(parseEvents(JSON.parse(JSON.stringify(events))), events);
    }),
  );
  const good = { kind: "remove", track: 0, after: null, log_odds: 1, iteration: 1 };
  const before = { start: 0, duration: 1, pitch: 60, velocity: 1 };
  assert.equal(parseEvents([{ ...good, before }])?.length, 1);
  for (const bad of [
    null,
    [null],
    [good],
    [{ ...good, before: null }],
    [{ ...good, before: { ...before, pitch: 128 } }],
    [{ ...good, before, after: before }],
    [{ ...good, before, kind: "swap" }],
  ]) {
    assert.equal(parseEvents(bad), null);
  }
});

test("kept, added and removed notes make up both songs", () => {
  fc.assert(
    fc.property(song, song, (before, after) => {
      const changes = compareSongs(before, after);
      soundingTracks(after).forEach((track, place) => {
        const { kept = [], added = [] } = changes[place] ?? {};
        assert.deepEqual(new Set([...kept, ...added]), new Set(track.notes));
      });
      soundingTracks(before).forEach((track, place) => {
        const { kept = [], removed = [] } = changes[place] ?? {};
        assert.equal(kept.length + removed.length, track.notes.length);
      });
    }),
  );
});

test("a song compared with itself is kept, and the other way round added is removed", () => {
  fc.assert(
    fc.property(song, song, (before, after) => {
      for (const { added, removed } of compareSongs(before, before)) {
        assert.deepEqual([added, removed], [[], []]);
      }
      assert.deepEqual(
        compareSongs(before, after).map((change) => change.added),
        compareSongs(after, before).map((change) => change.removed),
      );
    }),
  );
});
