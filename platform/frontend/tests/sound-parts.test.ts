import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Channels } from "../src/audio/channels.ts";
import { EarlyNotes } from "../src/audio/early-notes.ts";
import { Glissando } from "../src/keyboard/glissando.ts";
import { barLineFrom, barStart, barsLater, nextBar } from "../src/song/bars.ts";
import { setSignature, setTempo, tappedTempo, tempoAt } from "../src/song/meter.ts";
import { EMPTY_SONG, type Song } from "../src/song/model.ts";
import { barStarts } from "../src/song/time.ts";
import { isBlackKey, pitchName } from "../src/song/words.ts";
import { SHORTCUTS } from "../src/studio/shortcuts.ts";
import { barText, beatText, timeText } from "../src/studio/transport-text.ts";

test("every part has a channel of its own, and none has the drum channel", () => {
  const channels = new Channels();
  const taken = Array.from({ length: 40 }, (_, part) => channels.of(part));

  assert.equal(new Set(taken).size, 40);
  assert.ok(taken.every((channel) => channel % 16 !== 9));
  assert.equal(channels.of(3), taken[3]);
  channels.free(3);
  assert.equal(channels.of("live"), taken[3]);
});

test("what was played too early is caught up with, if it was not long ago", () => {
  const early = new EarlyNotes();
  early.on("live", 60, 90, 0);
  early.off("live", 60, 50);
  early.on("live", 62, 90, 1000);
  early.off("live", 62, 1500);
  early.on("live", 64, 90, 1800);
  early.on(7, 65, 90, 1800);

  const late = early.take((part) => part === "live", 2100);

  assert.deepEqual(
    late.map(({ pitch, seconds }) => [pitch, seconds]),
    [
      [62, 0.5],
      [64, null],
    ],
  );
  assert.deepEqual(
    early.take(() => true, 2100).map((note) => note.part),
    [7],
  );
});

test("fingers slide on their own, and every key that was struck is let go", () => {
  const step = fc.record({
    finger: fc.integer({ min: 1, max: 4 }),
    pitch: fc.option(fc.integer({ min: 60, max: 72 })),
    kind: fc.constantFrom("down", "move", "up"),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const balance = new Map<number, number>();
      const count = (pitch: number, by: number) => {
        const now = (balance.get(pitch) ?? 0) + by;
        assert.ok(now >= 0);
        balance.set(pitch, now);
      };
      const fingers = new Glissando({
        on: (pitch) => count(pitch, 1),
        off: (pitch) => count(pitch, -1),
      });
      const isDown = new Set<number>();
      for (const { finger, pitch, kind } of steps) {
        if (kind === "up") fingers.up(finger, 0);
        else if (kind === "move") fingers.move(finger, pitch, 0);
        else if (!isDown.has(finger)) fingers.down(finger, pitch, 0);
        if (kind === "up") isDown.delete(finger);
        else if (kind === "down") isDown.add(finger);
      }
      const sounding = [...balance.values()].reduce((sum, some) => sum + some, 0);
      assert.ok(sounding <= isDown.size);
      for (const finger of isDown) fingers.up(finger, 0);
      assert.ok([...balance.values()].every((some) => some === 0));
    }),
  );
});

test("pitches have names", () => {
  assert.deepEqual(
    [60, 61, 0, 127].map((pitch) => pitchName(pitch)),
    ["C4", "C♯4", "C-1", "G9"],
  );
  assert.deepEqual([60, 61, 64, 66].map(isBlackKey), [false, true, false, true]);
});

const changing: Song = {
  ...EMPTY_SONG,
  timeSignatures: [
    { tick: 0, numerator: 3, denominator: 4 },
    { tick: 2880, numerator: 6, denominator: 8 },
  ],
};

test("bars are found as the list of bars says", () => {
  const lines = barStarts(changing, 20_000);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 15_000 }), (tick) => {
      assert.equal(
        barStart(changing, tick),
        lines.findLast((line) => line <= tick),
      );
      assert.equal(
        nextBar(changing, tick),
        lines.find((line) => line > tick),
      );
      assert.equal(
        barLineFrom(changing, tick),
        lines.find((line) => line >= tick),
      );
    }),
  );
  assert.equal(barsLater(changing, 1500, 3), 1440 * 4);
});

test("tempo and meter change where they are in force, and not at all when they are the same", () => {
  const song = setTempo(EMPTY_SONG, 5000, 90);

  assert.ok(Math.abs(tempoAt(song, 0) - 90) < 1e-3);
  assert.equal(setTempo(song, 0, 90), song);
  assert.equal(Math.round(tempoAt(setTempo(song, 0, 1), 0)), 20);
  assert.equal(setSignature(song, 0, 4, 4), song);
  assert.equal(setSignature(changing, 3000, 2, 4).timeSignatures[1]?.numerator, 2);
});

test("a tempo is tapped with three taps, and a pause begins anew", () => {
  assert.equal(tappedTempo([0, 500]), null);
  assert.equal(tappedTempo([0, 500, 1000]), 120);
  assert.equal(tappedTempo([0, 500, 1000, 9000, 10_000, 11_000]), 60);
  assert.equal(tappedTempo([0, 10, 20]), 300);
});

test("places are written as musicians read them", () => {
  assert.equal(barText(EMPTY_SONG, 1920 + 480 + 120.6), "2.2.120");
  assert.equal(barText(EMPTY_SONG, -300), "1.1.000");
  assert.equal(timeText(EMPTY_SONG, 960 * 62.5), "1:02.5");
  assert.equal(beatText(EMPTY_SONG, 1920 + 960, 0), "3");
  assert.deepEqual(
    [-1920, -1441, -1440, -1, -480].map((tick) => beatText(EMPTY_SONG, tick, 0)),
    ["1", "1", "2", "4", "4"],
  );
});

test("no two shortcuts claim the same keys", () => {
  const keys = SHORTCUTS.map(({ code, isWithControl, isWithShift }) =>
    [code, isWithControl ?? false, isWithShift ?? false].join(),
  );

  assert.equal(new Set(keys).size, keys.length);
});
