import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Action, type Loop, Scheduler, type View } from "../src/audio/schedule.ts";
import { addTrack, changeNotes, removeNotes } from "../src/song/edits.ts";
import { EMPTY_SONG, endOf, type Project, projectOf, type Song } from "../src/song/model.ts";
import { secondsAt } from "../src/song/time.ts";

const BAR = 1920;

const notes = fc.array(
  fc.record({
    start: fc.integer({ min: 0, max: 4 * BAR }),
    duration: fc.integer({ min: 1, max: BAR }),
    pitch: fc.integer({ min: 0, max: 127 }),
    velocity: fc.integer({ min: 1, max: 127 }),
  }),
  { maxLength: 40 },
);
const tempos = fc
  .uniqueArray(
    fc.record({
      tick: fc.integer({ min: 1, max: 4 * BAR }),
      usPerBeat: fc.integer({ min: 200_000, max: 2_000_000 }),
    }),
    { selector: (change) => change.tick, maxLength: 4 },
  )
  .map((some) => [{ tick: 0, usPerBeat: 500_000 }, ...some.sort((a, b) => a.tick - b.tick)]);
const songs = fc
  .record({ tracks: fc.array(notes, { minLength: 1, maxLength: 3 }), tempos })
  .map(({ tracks, tempos }) =>
    tracks.reduce<Song>((song, some) => addTrack(song, { notes: some }), { ...EMPTY_SONG, tempos }),
  );
/** Steps by which the clock moves on, in seconds: from a fast timer to a tab that was asleep. */
const steps = fc.array(fc.double({ min: 0.02, max: 1.5, noNaN: true }), { minLength: 1 });

const viewOf = (project: Project, more: Partial<View> = {}): View => ({
  project,
  loop: null,
  speed: 1,
  hasClicks: false,
  ...more,
});

function play(scheduler: Scheduler, view: View, steps: readonly number[], until: number): Action[] {
  const actions: Action[] = [];
  for (let step = 0; scheduler.time < until; step += 1) {
    const next = scheduler.time + (steps[step % steps.length] ?? 0.1);
    actions.push(...scheduler.advance(view, Math.min(next, until)));
  }
  return actions;
}

const onsets = (actions: readonly Action[]) => actions.filter((action) => action.kind === "on");

test("every note from a tick on is played once, when the tempos say", () => {
  fc.assert(
    fc.property(songs, steps, fc.integer({ min: 0, max: 4 * BAR }), (song, steps, from) => {
      const wanted = song.tracks
        .flatMap((track) => track.notes)
        .filter((note) => note.start >= from);
      const zero = secondsAt(song.tempos, from);

      const actions = play(
        new Scheduler({ time: 10, tick: from }),
        viewOf(projectOf(song)),
        steps,
        60,
      );

      const played = new Map(onsets(actions).map((action) => [action.noteId, action.time]));
      assert.equal(onsets(actions).length, wanted.length);
      for (const note of wanted) {
        const time = 10 + secondsAt(song.tempos, note.start) - zero;
        assert.ok(Math.abs((played.get(note.id) ?? 0) - time) < 1e-6);
      }
    }),
  );
});

test("every note that began ends once, at its end, before its pitch begins again", () => {
  fc.assert(
    fc.property(songs, steps, (song, steps) => {
      const actions = play(new Scheduler({ time: 0, tick: 0 }), viewOf(projectOf(song)), steps, 60);

      const held = new Map<string, number>();
      for (const action of actions) {
        if (action.kind === "click") continue;
        const key = `${action.part}/${action.pitch}`;
        if (action.kind === "on") {
          assert.ok(!held.has(key));
          held.set(key, action.noteId);
        } else {
          assert.equal(held.get(key), action.noteId);
          held.delete(key);
          const note = song.tracks.flatMap((t) => t.notes).find((n) => n.id === action.noteId);
          assert.ok(note);
          assert.ok(Math.abs(action.time - secondsAt(song.tempos, endOf(note))) < 1e-6);
        }
      }
      assert.equal(held.size, 0);
    }),
  );
});

test("a loop plays each of its notes once a time around, and lets none hang over its end", () => {
  const loops = fc
    .record({
      start: fc.integer({ min: 0, max: 2 * BAR }),
      size: fc.integer({ min: 120, max: 2 * BAR }),
    })
    .map(({ start, size }): Loop => ({ start, end: start + size }));
  fc.assert(
    fc.property(songs, loops, steps, (song, loop, steps) => {
      const rounds = 3;
      const seconds = secondsAt(song.tempos, loop.end) - secondsAt(song.tempos, loop.start);
      const inLoop = song.tracks
        .flatMap((track) => track.notes)
        .filter((note) => note.start >= loop.start && note.start < loop.end);

      const scheduler = new Scheduler({ time: 0, tick: loop.start });
      const view = viewOf(projectOf(song), { loop });
      const actions = play(scheduler, view, steps, rounds * seconds - 1e-7);

      const expected = inLoop.flatMap((note) => Array(rounds).fill(note.id));
      const played = onsets(actions).map((action) => action.noteId);
      assert.deepEqual(played.sort(), expected.sort());
      for (const action of actions) {
        if (action.kind !== "off") continue;
        const on = onsets(actions).findLast(
          (other) => other.noteId === action.noteId && other.time < action.time,
        );
        assert.ok(on);
        const round = Math.floor(on.time / seconds + 1e-9);
        assert.ok(action.time <= (round + 1) * seconds + 1e-6);
      }
    }),
  );
});

test("the tick at a time is where the notes of that tick were given out", () => {
  fc.assert(
    fc.property(
      songs,
      steps,
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      (song, steps, speed) => {
        const scheduler = new Scheduler({ time: 3, tick: 0 });
        const view = viewOf(projectOf(song), { speed });

        const actions = play(scheduler, view, steps, 9);

        for (const action of onsets(actions)) {
          const note = song.tracks.flatMap((t) => t.notes).find((n) => n.id === action.noteId);
          assert.ok(Math.abs(scheduler.tickAt(action.time) - (note?.start ?? -1)) < 0.01);
        }
      },
    ),
  );
});

const single = projectOf(
  addTrack(EMPTY_SONG, { notes: [{ start: 0, duration: BAR, pitch: 60, velocity: 90 }] }),
);
const [track] = single.song.tracks;
const [note] = track?.notes ?? [];
assert.ok(track && note);
const ids = new Set([note.id]);

test("a note that is removed, moved, muted or shortened while it sounds is ended at once", () => {
  const changes: Project[] = [
    { ...single, song: removeNotes(single.song, ids) },
    { ...single, song: changeNotes(single.song, ids, (n) => ({ ...n, pitch: 64 })) },
    { ...single, song: changeNotes(single.song, ids, (n) => ({ ...n, start: 960 })) },
    { ...single, song: changeNotes(single.song, ids, (n) => ({ ...n, duration: 10 })) },
    { ...single, muted: new Set([track.id]) },
    { ...single, song: { ...single.song, tracks: [] } },
  ];
  for (const changed of changes) {
    const scheduler = new Scheduler({ time: 0, tick: 0 });
    scheduler.advance(viewOf(single), 0.25);

    const [end] = scheduler.advance(viewOf(changed), 0.3);

    assert.deepEqual(end, { kind: "off", time: 0.25, part: track.id, pitch: 60, noteId: note.id });
  }
});

test("a note that is made longer while it sounds ends at its new end", () => {
  const longer = changeNotes(single.song, ids, (n) => ({ ...n, duration: 2 * BAR }));
  const scheduler = new Scheduler({ time: 0, tick: 0 });
  scheduler.advance(viewOf(single), 0.25);

  const actions = scheduler.advance(viewOf({ ...single, song: longer }), 10);

  assert.deepEqual(
    actions.map(({ kind, time }) => [kind, time]),
    [["off", 4]],
  );
});

test("a count-in gives clicks only, and ends where the music begins", () => {
  const scheduler = new Scheduler({ time: 1, tick: 0, leadIn: BAR });

  const actions = scheduler.advance(viewOf(single), 3.2);

  assert.deepEqual(
    actions.map((a) => [a.kind, a.time, a.kind === "click" && a.isStrong]),
    [
      ["click", 1, true],
      ["click", 1.5, false],
      ["click", 2, false],
      ["click", 2.5, false],
      ["on", 3, false],
    ],
  );
  assert.equal(scheduler.tickAt(2), -960);
});

test("the metronome follows changes of the time signature", () => {
  const song: Song = {
    ...EMPTY_SONG,
    timeSignatures: [
      { tick: 0, numerator: 3, denominator: 4 },
      { tick: 1440, numerator: 6, denominator: 8 },
    ],
  };
  const scheduler = new Scheduler({ time: 0, tick: 0 });

  const actions = scheduler.advance(viewOf(projectOf(song), { hasClicks: true }), 3);

  assert.deepEqual(
    actions.map((a) => [a.time, a.kind === "click" && a.isStrong]),
    [
      [0, true],
      [0.5, false],
      [1, false],
      [1.5, true],
      [1.75, false],
      [2, false],
      [2.25, false],
      [2.5, false],
      [2.75, false],
    ],
  );
});
