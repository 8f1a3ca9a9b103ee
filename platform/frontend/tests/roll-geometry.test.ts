import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  barNumber,
  barsWithin,
  linesOf,
  nextStep,
  SNAPS,
  snapDown,
  snapTo,
  startOfBar,
} from "../src/roll/grid.ts";
import { noteAt, notesInBox } from "../src/roll/hit.ts";
import { laneY, layoutOf, regionAt, velocityAt } from "../src/roll/layout.ts";
import { notesSounding, rangeSounding } from "../src/roll/sounding.ts";
import {
  bounded,
  pitchAt,
  revealing,
  tickAt,
  type View,
  visibleBox,
  xOf,
  yOf,
  zoomed,
} from "../src/roll/view.ts";
import { addTrack } from "../src/song/edits.ts";
import {
  EMPTY_SONG,
  endOf,
  type NewNote,
  type Note,
  type Song,
  type Track,
} from "../src/song/model.ts";

const views: fc.Arbitrary<View> = fc.record({
  left: fc.integer({ min: 0, max: 100_000 }),
  top: fc.integer({ min: 0, max: 1500 }),
  beatWidth: fc.double({ min: 6, max: 640, noNaN: true }),
  rowHeight: fc.integer({ min: 5, max: 36 }),
  width: fc.integer({ min: 100, max: 2000 }),
  height: fc.integer({ min: 100, max: 1000 }),
});

const notes: fc.Arbitrary<NewNote[]> = fc.array(
  fc.record({
    start: fc.integer({ min: 0, max: 20_000 }),
    duration: fc.integer({ min: 1, max: 6000 }),
    pitch: fc.integer({ min: 0, max: 127 }),
    velocity: fc.integer({ min: 1, max: 127 }),
  }),
  { maxLength: 60 },
);

const signatures = fc
  .array(
    fc.record({
      bars: fc.integer({ min: 1, max: 4 }),
      numerator: fc.integer({ min: 1, max: 12 }),
      power: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 3 },
  )
  .map((changes): Song => {
    let tick = 0;
    const timeSignatures = [];
    for (const { bars, numerator, power } of [{ bars: 2, numerator: 4, power: 2 }, ...changes]) {
      const denominator = 2 ** power;
      timeSignatures.push({ tick, numerator, denominator });
      tick += (bars * numerator * 1920) / denominator;
    }
    return { ...EMPTY_SONG, timeSignatures };
  });

const trackWith = (list: readonly NewNote[]): Track => {
  const track = addTrack(EMPTY_SONG, { notes: list }).tracks[0];
  assert.ok(track);
  return track;
};

test("pixels and music answer each other", () => {
  fc.assert(
    fc.property(views, fc.nat(200_000), fc.nat(127), (view, tick, pitch) => {
      assert.ok(Math.abs(tickAt(view, xOf(view, tick)) - tick) < 1e-6 * (tick + 1) + 1e-6);
      assert.equal(pitchAt(view, yOf(view, pitch) + view.rowHeight / 2), pitch);
    }),
  );
});

test("zooming keeps what is under the pointer", () => {
  fc.assert(
    fc.property(
      views,
      fc.nat(1000),
      fc.nat(800),
      fc.integer({ min: 6, max: 640 }),
      (view, x, y, beatWidth) => {
        const closer = zoomed(view, { beatWidth, rowHeight: 20 }, x, y);
        assert.ok(Math.abs(tickAt(closer, x) - tickAt(view, x)) < 1e-3);
        assert.ok(
          Math.abs((y + closer.top) / closer.rowHeight - (y + view.top) / view.rowHeight) < 1e-6,
        );
      },
    ),
  );
});

test("a bounded view stays within the piece and the keyboard", () => {
  fc.assert(
    fc.property(views, fc.nat(500_000), (view, end) => {
      const kept = bounded({ ...view, left: view.left - 50_000, top: view.top - 700 }, end);
      assert.ok(kept.left >= 0 && kept.top >= 0);
      assert.ok(kept.left === 0 || visibleBox(kept).until <= end + 1e-6);
      assert.deepEqual(bounded(kept, end), kept);
    }),
  );
});

test("what is revealed is in view", () => {
  fc.assert(
    fc.property(views, fc.nat(200_000), fc.nat(127), (view, tick, pitch) => {
      const shown = revealing(view, tick, pitch);
      assert.ok(xOf(shown, tick) >= -1e-6 && xOf(shown, tick) <= shown.width);
      assert.ok(
        yOf(shown, pitch) >= -1e-6 && yOf(shown, pitch) + shown.rowHeight <= shown.height + 1e-6,
      );
    }),
  );
});

test("the search finds the notes that a walk over all of them finds", () => {
  fc.assert(
    fc.property(notes, fc.nat(25_000), fc.nat(8000), (list, from, length) => {
      const track = trackWith(list);
      const until = from + length;
      const walked = track.notes.filter((note) => note.start < until && endOf(note) > from);
      assert.deepEqual(notesSounding(track.notes, { from, until, low: 0, high: 127 }), walked);
      const [first, last] = rangeSounding(track.notes, from, until);
      for (const note of walked) {
        const index = track.notes.indexOf(note);
        assert.ok(index >= first && index < last);
      }
    }),
  );
});

test("a point within a note hits that note, at its edge or its body", () => {
  fc.assert(
    fc.property(views, notes, fc.nat(), (view, list, pick) => {
      const track = trackWith(list);
      fc.pre(track.notes.length > 0);
      const note = track.notes[pick % track.notes.length] as Note;
      const y = yOf(view, note.pitch) + view.rowHeight / 2;
      const body = noteAt(view, track, { x: xOf(view, note.start + note.duration * 0.4), y });
      const right = xOf(view, endOf(note));
      const x = right - Math.min(3, (right - xOf(view, note.start)) / 100);
      const edge = noteAt(view, track, { x, y });
      assert.deepEqual([body?.note.id, body?.part], [note.id, "body"]);
      assert.deepEqual([edge?.note.id, edge?.part], [note.id, "edge"]);
    }),
  );
});

test("a box takes exactly the notes that it touches", () => {
  const view: View = { left: 0, top: 0, beatWidth: 48, rowHeight: 10, width: 800, height: 600 };
  const track = trackWith([
    { start: 0, duration: 480, pitch: 120, velocity: 80 },
    { start: 960, duration: 480, pitch: 118, velocity: 80 },
    { start: 1920, duration: 480, pitch: 100, velocity: 80 },
  ]);

  const found = notesInBox(view, track, { x: 150, y: 95 }, { x: 10, y: 72 });

  assert.deepEqual(
    found.map((note) => note.pitch),
    [120, 118],
  );
});

test("a finger hits a short note that a mouse misses", () => {
  const view: View = { left: 0, top: 0, beatWidth: 48, rowHeight: 10, width: 800, height: 600 };
  const track = trackWith([{ start: 480, duration: 30, pitch: 120, velocity: 80 }]);
  const point = { x: 42, y: yOf(view, 120) + 5 };

  assert.equal(noteAt(view, track, point), null);
  assert.equal(noteAt(view, track, point, 8)?.note.start, 480);
});

test("snapping lands on the grid, which begins anew with each bar, and stays there", () => {
  const snaps = fc.constantFrom(...SNAPS.map((snap) => snap.ticks));
  fc.assert(
    fc.property(signatures, fc.nat(30_000), snaps, (song, tick, snap) => {
      const before = snapDown(song, tick, snap);
      assert.ok(before <= tick && (snap === 0 || tick - before < snap));
      assert.equal(snapDown(song, before, snap), before);
      assert.equal(snapTo(song, snapTo(song, tick, snap), snap), snapTo(song, tick, snap));
    }),
  );
});

test("steps forward and back meet, over changes of the time signature", () => {
  fc.assert(
    fc.property(signatures, fc.nat(30_000), (song, tick) => {
      const here = snapDown(song, tick, 120);
      const next = nextStep(song, here, 120, 1);
      assert.ok(next > here && next - here <= 120);
      assert.equal(nextStep(song, next, 120, -1), here);
    }),
  );
});

test("bars follow each other without gaps, and are found by their numbers", () => {
  fc.assert(
    fc.property(
      signatures,
      fc.nat(30_000),
      fc.integer({ min: 1, max: 20_000 }),
      (song, from, length) => {
        const bars = barsWithin(song, from, from + length);
        bars.forEach((bar, index) => {
          if (index > 0) assert.equal(bar.start, bars[index - 1]?.end);
          assert.equal(barNumber(song, bar.start), bar.number);
          assert.equal(startOfBar(song, bar.number), bar.start);
          assert.ok(
            linesOf(song, bar, 120).every((line) => line.tick >= bar.start && line.tick < bar.end),
          );
        });
      },
    ),
  );
});

test("every point of the surface belongs to one region, and velocities to heights of the lane", () => {
  const layout = layoutOf(800, 500, false);

  assert.equal(regionAt(layout, { x: 10, y: 10 }), "corner");
  assert.equal(regionAt(layout, { x: 400, y: 10 }), "ruler");
  assert.equal(regionAt(layout, { x: 10, y: 200 }), "keys");
  assert.equal(regionAt(layout, { x: 400, y: 200 }), "grid");
  assert.equal(regionAt(layout, { x: 400, y: 495 }), "lane");
  for (const velocity of [1, 64, 100, 127]) {
    assert.equal(velocityAt(layout, laneY(layout, velocity)), velocity);
  }
});
