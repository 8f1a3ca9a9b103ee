import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { endOf, type Note, tidy } from "../src/song/model.ts";
import {
  countOffGrid,
  type QuantizeOptions,
  quantize,
  quantizeNotes,
} from "../src/song/quantize.ts";
import { music, notes, songAndIds } from "./arbitrary.ts";

const options: fc.Arbitrary<QuantizeOptions> = fc.record({
  grid: fc.constantFrom(1, 60, 80, 120, 160, 240, 480),
  strength: fc.double({ min: 0, max: 1, noNaN: true }),
  swing: fc.double({ min: 0, max: 1, noNaN: true }),
  ends: fc.boolean(),
});
const full = options.map((chosen) => ({ ...chosen, strength: 1 }));

const note = (start: number, duration: number): Note => ({
  id: start,
  start,
  duration,
  pitch: 60,
  velocity: 80,
});

test("strength 0 changes nothing", () => {
  fc.assert(
    fc.property(notes, options, (found, chosen) => {
      assert.deepEqual(quantize(found, { ...chosen, strength: 0 }), found);
    }),
  );
});

test("strength 1 puts every onset on a straight grid, and every end if asked to", () => {
  fc.assert(
    fc.property(notes, full, (found, chosen) => {
      for (const moved of quantize(found, { ...chosen, swing: 0 })) {
        assert.equal(moved.start % chosen.grid, 0);
        if (chosen.ends) assert.equal(endOf(moved) % chosen.grid, 0);
      }
    }),
  );
});

test("no onset moves further than half the widest gap of the grid", () => {
  fc.assert(
    fc.property(notes, options, (found, chosen) => {
      quantize(found, chosen).forEach((moved, index) => {
        const distance = Math.abs(moved.start - (found[index]?.start ?? 0));
        assert.ok(distance <= (chosen.grid * (1 + chosen.swing / 3)) / 2 + 1);
      });
    }),
  );
});

test("doing it twice at full strength is doing it once", () => {
  fc.assert(
    fc.property(notes, full, (found, chosen) => {
      const once = quantize(found, chosen);
      assert.deepEqual(quantize(once, chosen), once);
    }),
  );
});

test("no note overtakes another, and only times change", () => {
  fc.assert(
    fc.property(notes, options, (found, chosen) => {
      const moved = quantize(found, chosen);
      moved.forEach(({ start, duration, ...rest }, index) => {
        const { start: _, duration: before, ...same } = found[index] as Note;
        assert.deepEqual(rest, same);
        assert.ok(start >= (moved[index - 1]?.start ?? 0) && duration >= 1);
        if (!chosen.ends) assert.equal(duration, before);
      });
    }),
  );
});

test("swing makes eighths long and short", () => {
  const chosen = { grid: 240, strength: 1, swing: 1, ends: false };

  const starts = quantize([note(10, 99), note(250, 99), note(470, 99)], chosen).map((n) => n.start);

  assert.deepEqual(starts, [0, 320, 480]);
});

test("in a song, the other notes stay and the tracks stay tidy", () => {
  fc.assert(
    fc.property(songAndIds, options, ([song, ids], chosen) => {
      const after = quantizeNotes(song, ids, chosen);
      for (const track of after.tracks) assert.deepEqual(tidy(track.notes), track.notes);
      if (ids.size === 0) assert.equal(after, song);
    }),
  );
});

test("what is on the grid has nothing off it, and stays the very same song", () => {
  fc.assert(
    fc.property(songAndIds, full, ([song, ids], chosen) => {
      const onGrid = quantizeNotes(song, ids, { ...chosen, ends: false });
      assert.equal(countOffGrid(onGrid, ids, chosen), 0);
      assert.deepEqual(
        music(quantizeNotes(onGrid, ids, { ...chosen, ends: false })),
        music(onGrid),
      );
    }),
  );
});
