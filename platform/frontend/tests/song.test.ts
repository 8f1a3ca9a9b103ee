import assert from "node:assert/strict";
import { test } from "node:test";
import { StudioDocument } from "../src/song/document.ts";
import { addNotes, addTrack, moveNotes, withSong } from "../src/song/edits.ts";
import { EMPTY_SONG, projectOf } from "../src/song/model.ts";
import { barBeatAt, secondsAt, tickAt } from "../src/song/time.ts";

const note = (start: number, pitch: number) => ({ start, pitch, duration: 480, velocity: 80 });

test("a command is undone and redone by name", () => {
  const studio = new StudioDocument(projectOf(addTrack(EMPTY_SONG, { notes: [note(0, 60)] })));
  const [track] = studio.project.song.tracks;
  assert.ok(track);

  studio.run("Add a note", (p) => withSong(p, addNotes(p.song, track.id, [note(480, 62)])));
  assert.equal(studio.undoName, "Add a note");
  assert.ok(studio.undo());

  assert.deepEqual(studio.project.song.tracks, [track]);
  assert.equal(studio.redoName, "Add a note");
});

test("notes move together, and stay within the piece and the keyboard", () => {
  const song = addTrack(EMPTY_SONG, { notes: [note(240, 126), note(960, 60)] });
  const ids = new Set(song.tracks[0]?.notes.map((n) => n.id));

  const moved = moveNotes(song, ids, -480, 5).tracks[0]?.notes ?? [];

  assert.deepEqual(
    moved.map((n) => [n.start, n.pitch]),
    [
      [0, 127],
      [720, 61],
    ],
  );
});

test("ticks and seconds answer each other over tempo changes", () => {
  const tempos = [
    { tick: 0, usPerBeat: 500_000 },
    { tick: 480, usPerBeat: 250_000 },
  ];

  assert.equal(secondsAt(tempos, 960), 0.75);
  assert.equal(tickAt(tempos, 0.75), 960);
});

test("bars and beats count from 1, over changes of the time signature", () => {
  const song = {
    ...EMPTY_SONG,
    timeSignatures: [
      { tick: 0, numerator: 4, denominator: 4 },
      { tick: 1920, numerator: 6, denominator: 8 },
    ],
  };

  assert.deepEqual(barBeatAt(song, 1919), { bar: 1, beat: 4, rest: 479 });
  assert.deepEqual(barBeatAt(song, 1920 + 1440 + 240), { bar: 3, beat: 2, rest: 0 });
});
