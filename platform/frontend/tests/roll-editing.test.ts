import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as commands from "../src/roll/commands.ts";
import { barward, neighbor, notesBetween, noteUnder, stepped } from "../src/roll/cursor.ts";
import { Desk } from "../src/roll/desk.ts";
import { actionOf, KEYS } from "../src/roll/keymap.ts";
import { freeOf, isLocked, respectingLocks } from "../src/roll/locks.ts";
import { read, shown } from "../src/roll/note-fields.ts";
import { rowsOf, WHOLE, windowOf } from "../src/roll/rows.ts";
import { StudioDocument } from "../src/song/document.ts";
import { addTrack, moveNotes, withSong } from "../src/song/edits.ts";
import { EMPTY_SONG, type NewNote, type Note, type Project, projectOf } from "../src/song/model.ts";

const beat = (index: number, pitch: number): NewNote => ({
  start: index * 480,
  duration: 480,
  pitch,
  velocity: 80,
});
const SCALE = [60, 62, 64, 65, 67, 69, 71, 72].map((pitch, index) => beat(index, pitch));

function studioWith(notes: readonly NewNote[] = SCALE): {
  studio: StudioDocument;
  desk: Desk;
  notes: readonly Note[];
  trackId: number;
} {
  const studio = new StudioDocument(projectOf(addTrack(EMPTY_SONG, { name: "Melody", notes })));
  const [track] = studio.project.song.tracks;
  assert.ok(track);
  return { studio, desk: new Desk(), notes: track.notes, trackId: track.id };
}

const idsOf = (notes: readonly (Note | undefined)[]) =>
  new Set(notes.flatMap((note) => (note ? [note.id] : [])));

const pitchesOf = (studio: StudioDocument) =>
  studio.project.song.tracks[0]?.notes.map((note) => note.pitch);

test("commands have names that count what they change, and are undone by them", () => {
  const { studio, notes } = studioWith();

  commands.move(studio, idsOf(notes.slice(0, 3)), 240, 2);

  assert.equal(studio.undoName, "Move 3 notes");
  studio.undo();
  assert.deepEqual(studio.project.song.tracks[0]?.notes, notes);
});

test("a locked note stays while the others of a selection move, and the name counts those", () => {
  const { studio, notes } = studioWith();
  commands.toggleLock(studio, idsOf([notes[1]]));

  const said = commands.move(studio, idsOf(notes.slice(0, 3)), 0, 12);

  assert.equal(said, "Transpose 2 notes.");
  assert.deepEqual(pitchesOf(studio)?.slice(0, 3), [72, 62, 76]);
});

test("nothing gets into a locked bar, and nothing in it changes", () => {
  const { studio, notes, trackId } = studioWith();
  commands.toggleBarLock(studio, 0, 1920);
  const before = studio.committed;

  assert.equal(commands.draw(studio, trackId, beat(1, 80)), commands.locked());
  assert.equal(commands.remove(studio, idsOf([notes[0]])), commands.locked());
  commands.move(studio, idsOf([notes[5]]), -1920, 0);

  assert.equal(studio.committed, before);
});

test("no change that respects locks touches what is locked", () => {
  const moves = fc.tuple(fc.integer({ min: -4000, max: 4000 }), fc.integer({ min: -24, max: 24 }));
  fc.assert(
    fc.property(
      fc.subarray([...SCALE.keys()]),
      fc.subarray([1, 2]),
      moves,
      (locked, bars, [by, up]) => {
        const { studio, notes } = studioWith();
        const project: Project = {
          ...studio.committed,
          lockedNotes: idsOf(locked.map((index) => notes[index])),
          lockedBars: new Set(bars),
        };
        const change = respectingLocks((p) =>
          withSong(p, moveNotes(p.song, freeOf(p, idsOf(notes)), by, up)),
        );

        const after = change(project).song.tracks[0]?.notes ?? [];

        for (const note of notes.filter((n) => isLocked(project, n)))
          assert.ok(after.includes(note));
      },
    ),
  );
});

test("a pasted clip is the copy, moved, and selected", () => {
  const { studio, desk, notes } = studioWith();
  desk.set({ selection: idsOf(notes.slice(0, 2)) });

  commands.copy(studio, desk);
  commands.paste(studio, desk, 9600);

  const pasted = studio.project.song.tracks[0]?.notes.filter((n) => desk.state.selection.has(n.id));
  assert.deepEqual(
    pasted?.map(({ start, pitch }) => [start, pitch]),
    [
      [9600, 60],
      [10_080, 62],
    ],
  );
});

test("a duplicate follows the selection on the grid", () => {
  const { studio, desk, notes } = studioWith();
  desk.set({ selection: idsOf(notes.slice(7)) });

  commands.duplicate(studio, desk, 960);

  assert.equal(studio.undoName, "Duplicate 1 note");
  assert.deepEqual(studio.project.song.tracks[0]?.notes.at(-1)?.start, 7 * 480 + 960);
});

test("commands without a note say so and change nothing", () => {
  const { studio, desk } = studioWith();
  const before = studio.committed;

  assert.equal(commands.remove(studio, new Set()), commands.nothingChosen());
  assert.equal(commands.remove(studio, new Set([999])), commands.nothingChosen());
  assert.equal(commands.copy(studio, desk), commands.nothingChosen());
  assert.equal(studio.committed, before);
});

test("a note is cut in two at a place, and the halves are joined again", () => {
  const { studio, notes } = studioWith();

  assert.equal(commands.split(studio, idsOf([notes[0]]), 240), "Split 1 note.");
  const halves = studio.committed.song.tracks[0]?.notes.slice(0, 2) ?? [];
  assert.deepEqual(
    halves.map(({ start, duration }) => [start, duration]),
    [
      [0, 240],
      [240, 240],
    ],
  );
  assert.equal(commands.join(studio, idsOf(halves)), "Join 2 notes.");

  assert.deepEqual(studio.committed.song.tracks[0]?.notes, notes);
  const said = commands.split(studio, idsOf(notes), 480);
  assert.equal(said, "No selected note sounds across that place.");
});

test("a transposition counts the notes that it moves, not the drums beside them", () => {
  const { studio, notes } = studioWith();
  studio.run("Add drums", (project) =>
    withSong(project, addTrack(project.song, { isDrum: true, notes: [beat(0, 38)] })),
  );
  const drums = studio.committed.song.tracks[1]?.notes ?? [];

  assert.equal(commands.move(studio, idsOf([...notes, ...drums]), 0, 2), "Transpose 8 notes.");
  assert.equal(studio.committed.song.tracks[1]?.notes, drums);
});

test("each note gets the velocity that was painted for it", () => {
  const { studio, notes } = studioWith();
  const [first, second] = notes as [Note, Note];

  commands.paintVelocities(
    studio,
    new Map([
      [first.id, 20],
      [second.id, 300],
    ]),
  );

  assert.deepEqual(
    studio.project.song.tracks[0]?.notes.slice(0, 3).map((note) => note.velocity),
    [20, 127, 80],
  );
});

test("the cursor walks over notes in the order of time and back", () => {
  const { studio } = studioWith();
  const [track] = studio.project.song.tracks;
  assert.ok(track);
  let at = { tick: 0, pitch: 0 };
  const seen: number[] = [];
  for (let note = neighbor(track, at, 1); note; note = neighbor(track, at, 1)) {
    seen.push(note.pitch);
    at = { tick: note.start, pitch: note.pitch };
  }

  assert.deepEqual(
    seen,
    SCALE.map((note) => note.pitch),
  );
  assert.equal(neighbor(track, at, -1)?.pitch, 71);
  assert.equal(noteUnder(track, { tick: 500, pitch: 62 })?.start, 480);
  assert.equal(notesBetween(track, { tick: 0, pitch: 70 }, { tick: 960, pitch: 60 }).length, 3);
});

test("the cursor goes by steps and bars, and not before the piece", () => {
  const at = { tick: 1800, pitch: 60 };

  assert.equal(stepped(EMPTY_SONG, at, 120, 1).tick, 1920);
  assert.equal(barward(EMPTY_SONG, at, 1).tick, 1920);
  assert.equal(barward(EMPTY_SONG, at, -1).tick, 0);
  assert.equal(stepped(EMPTY_SONG, { tick: 0, pitch: 60 }, 120, -1).tick, 0);
});

test("keys mean one thing each, and what has no meaning here is left to the page", () => {
  const press = (key: string, more: object = {}) => {
    const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
    return actionOf({ key, ...none, getModifierState: () => false, ...more });
  };
  const all = KEYS.flatMap((row) => Object.keys(row.map));

  assert.equal(new Set(all).size, all.length);
  assert.equal(press("ArrowLeft", { altKey: true }), "moveLeft");
  assert.equal(press("Z", { metaKey: true, shiftKey: true }), "redo");
  assert.equal(press("+", { shiftKey: true }), "longer");
  assert.equal(
    press("[", { ctrlKey: true, altKey: true, getModifierState: () => true }),
    "shorter",
  );
  for (const key of ["Tab", " ", "F5", "q"]) assert.equal(press(key), null);
  assert.equal(press("n", { ctrlKey: true }), null);
});

test("what a field shows is read back as the note it came from", () => {
  const starts = fc.integer({ min: 0, max: 4000 }).map((step) => step * 60);
  fc.assert(
    fc.property(starts, fc.nat(127), fc.integer({ min: 1, max: 100 }), (start, pitch, length) => {
      const note = { start, pitch, duration: length * 60, velocity: 64 };
      for (const field of ["bar", "beat", "pitch", "length", "velocity"] as const) {
        for (const track of [null, { isDrum: true }]) {
          const to = read(EMPTY_SONG, track, note, field, shown(EMPTY_SONG, track, note, field));
          assert.deepEqual(typeof to === "string" ? to : { ...note, ...to }, note);
        }
      }
    }),
  );
});

test("a field says what is wrong with what was written", () => {
  const note = beat(0, 60);
  const wrong = [
    ["bar", "0"],
    ["bar", "1.5"],
    ["beat", "5"],
    ["pitch", "H4"],
    ["pitch", "128"],
    ["length", "0"],
    ["length", "1/0"],
    ["velocity", "0"],
    ["velocity", ""],
  ] as const;

  for (const [field, text] of wrong)
    assert.equal(typeof read(EMPTY_SONG, null, note, field, text), "string", text);
  assert.deepEqual(read(EMPTY_SONG, null, note, "length", "1/8"), { duration: 240 });
  assert.deepEqual(read(EMPTY_SONG, null, note, "beat", "2,5"), { start: 720 });
});

test("a long table writes a window that holds what is in view", () => {
  fc.assert(
    fc.property(fc.integer({ min: WHOLE + 1, max: 20_000 }), fc.nat(900_000), (count, scroll) => {
      const top = Math.min(scroll, count * 44 - 480);
      const { first, end } = windowOf(count, top, 480, 44);
      assert.ok(first * 44 <= top && Math.min(top + 480, count * 44) <= end * 44);
      assert.ok(end - first < 60);
    }),
  );
  assert.deepEqual(windowOf(WHOLE, 9999, 480, 44), { first: 0, end: WHOLE });
});

test("rows are in the order of time, then of tracks", () => {
  const song = addTrack(addTrack(EMPTY_SONG, { notes: SCALE }), { notes: [beat(1, 40)] });

  const rows = rowsOf(song, null);

  assert.deepEqual(
    rows.slice(0, 3).map((row) => row.note.pitch),
    [60, 62, 40],
  );
  assert.equal(rowsOf(song, song.tracks[1]?.id ?? 0).length, 1);
});
