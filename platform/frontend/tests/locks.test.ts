import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addTrack } from "../src/song/edits.ts";
import { lockParameters, locksOf } from "../src/song/locks.ts";
import { EMPTY_SONG, endTick, type Project, projectOf } from "../src/song/model.ts";
import { barStarts } from "../src/song/time.ts";
import { project } from "./arbitrary.ts";

const note = (start: number, pitch: number, duration = 480) => ({
  start,
  pitch,
  duration,
  velocity: 80,
});

function twoTracks(): Project {
  const lower = addTrack(EMPTY_SONG, { notes: [note(0, 60), note(1440, 62, 960), note(3840, 64)] });
  return projectOf(addTrack(lower, { isDrum: true, notes: [note(1920, 36)] }));
}

test("locked notes are sent by their place among all notes, bars in order", () => {
  const free = twoTracks();
  const [lower, drums] = free.song.tracks.map((track) => track.notes.map((n) => n.id));
  const lockedNotes = new Set([drums?.[0] ?? 0, lower?.[1] ?? 0, 999]);

  const parameters = lockParameters({ ...free, lockedNotes, lockedBars: new Set([3, 1, 7]) });

  assert.deepEqual(parameters, { locked_notes: [1, 3], locked_bars: [1, 3] });
});

test("a note that sounds in a locked bar is locked, wherever it begins", () => {
  const free = twoTracks();
  const [first, second, third] = free.song.tracks[0]?.notes ?? [];
  assert.ok(first && second && third);

  const lockOf = locksOf({ ...free, lockedNotes: new Set([third.id]), lockedBars: new Set([2]) });

  assert.deepEqual([first, second, third].map(lockOf), [null, "bar", "note"]);
});

test("with every bar locked no note is free, and without locks every note is", () => {
  fc.assert(
    fc.property(project, (made) => {
      const notes = made.song.tracks.flatMap((track) => track.notes);
      const bars = barStarts(made.song, endTick(made.song)).map((_, index) => index + 1);
      const lockOf = locksOf({ ...made, lockedBars: new Set(bars) });
      assert.ok(notes.every((found) => lockOf(found) !== null));
      assert.ok(notes.every((found) => locksOf(projectOf(made.song))(found) === null));
    }),
  );
});

test("as many notes are sent as are locked", () => {
  fc.assert(
    fc.property(project, (made) => {
      assert.equal(lockParameters(made).locked_notes.length, made.lockedNotes.size);
    }),
  );
});
