import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { copyNotes, duplicateNotes, pasteNotes } from "../src/song/clipboard.ts";
import { addTrack, moveNotes, notesWith, removeNotes } from "../src/song/edits.ts";
import { EMPTY_SONG, endTick, type NewNote, type Song, tidy } from "../src/song/model.ts";
import { allNotes, notesInBox, notesOfTrack } from "../src/song/selection.ts";
import { joinNotes, splitNotes } from "../src/song/shaping.ts";
import { music, song, songAndIds } from "./arbitrary.ts";

const note = (start: number, pitch: number, duration = 480): NewNote => ({
  start,
  pitch,
  duration,
  velocity: 80,
});

function isTidy(made: Song): boolean {
  return made.tracks.every((track) => {
    assert.deepEqual(tidy(track.notes), track.notes);
    return true;
  });
}

const withoutIds = (made: Song, ids: ReadonlySet<number>): NewNote[] =>
  notesWith(made, ids).map(({ id: _, ...about }) => about);

test("notes cut and pasted where they were are there again", () => {
  fc.assert(
    fc.property(songAndIds, ([made, ids]) => {
      const clip = copyNotes(made, ids);
      const top = made.tracks.find((track) => track.notes.some((n) => ids.has(n.id)));
      fc.pre(clip !== null && top !== undefined);

      const { song: again } = pasteNotes(removeNotes(made, ids), clip, clip.start, top.id);

      assert.deepEqual(music(again), music(made));
    }),
  );
});

test("pasting behind the end adds the copied notes, selects them and leaves the others", () => {
  fc.assert(
    fc.property(songAndIds, ([made, ids]) => {
      const clip = copyNotes(made, ids);
      const top = made.tracks.find((track) => track.notes.some((n) => ids.has(n.id)));
      fc.pre(clip !== null && top !== undefined);
      const at = endTick(made);

      const pasted = pasteNotes(made, clip, at, top.id);

      assert.ok(isTidy(pasted.song));
      assert.deepEqual(music(removeNotes(pasted.song, pasted.ids)), music(made));
      assert.deepEqual(
        withoutIds(pasted.song, pasted.ids),
        withoutIds(made, ids).map((n) => ({ ...n, start: n.start - clip.start + at })),
      );
    }),
  );
});

test("notes of several tracks keep their distance, and pile up in the last track", () => {
  const two = addTrack(addTrack(EMPTY_SONG, { notes: [note(0, 60)] }), { notes: [note(480, 48)] });
  const clip = copyNotes(two, allNotes(two));
  assert.ok(clip);

  const { song: after } = pasteNotes(two, clip, 960, two.tracks[1]?.id ?? 0);

  assert.deepEqual(
    after.tracks.map((track) => track.notes.map((n) => [n.start, n.pitch])),
    [
      [[0, 60]],
      [
        [480, 48],
        [960, 60],
        [1440, 48],
      ],
    ],
  );
});

test("nothing chosen is nothing copied", () => {
  assert.equal(copyNotes(EMPTY_SONG, new Set([1])), null);
});

test("a duplicate follows at the next whole step", () => {
  const made = addTrack(EMPTY_SONG, { notes: [note(480, 60), note(960, 62, 240)] });

  const { song: after, ids } = duplicateNotes(made, allNotes(made), 1920);

  assert.deepEqual(
    notesWith(after, ids).map((n) => n.start),
    [2400, 2880],
  );
});

test("what is split sounds the same, and is joined again to what it was", () => {
  fc.assert(
    fc.property(songAndIds, fc.nat(24_000), ([made, ids], tick) => {
      const split = splitNotes(made, ids, tick);
      const halves = new Set([...allNotes(split)].filter((id) => id >= made.nextId));
      const firsts = notesWith(made, ids).filter(
        (n) => n.start < tick && n.start + n.duration > tick,
      );

      assert.ok(isTidy(split));
      assert.equal(halves.size, firsts.length);
      assert.deepEqual(
        music(joinNotes(split, new Set([...halves, ...firsts.map((n) => n.id)]))),
        music(made),
      );
    }),
  );
});

test("notes with another one between them are not joined over it", () => {
  const made = addTrack(EMPTY_SONG, { notes: [note(0, 60), note(480, 60), note(960, 60)] });
  const [first, , third] = made.tracks[0]?.notes ?? [];

  assert.equal(joinNotes(made, new Set([first?.id ?? 0, third?.id ?? 0])), made);
  assert.deepEqual(
    joinNotes(made, allNotes(made)).tracks[0]?.notes.map((n) => [n.start, n.duration]),
    [[0, 1440]],
  );
});

test("drums among pitched notes stay what they are when all is transposed", () => {
  fc.assert(
    fc.property(song, fc.integer({ min: -12, max: 12 }), (made, semitones) => {
      fc.pre(made.tracks.some((track) => !track.isDrum && track.notes.length > 0));
      const up = moveNotes(made, allNotes(made), 0, semitones);
      up.tracks.forEach((track, index) => {
        if (track.isDrum) assert.equal(track, made.tracks[index]);
      });
    }),
  );
});

test("drums alone can be moved to other drums", () => {
  const kit = addTrack(EMPTY_SONG, { isDrum: true, notes: [note(0, 36)] });

  const moved = moveNotes(kit, allNotes(kit), 0, 2);

  assert.deepEqual(
    moved.tracks[0]?.notes.map((n) => n.pitch),
    [38],
  );
});

test("a box holds the notes that sound within it, of the tracks asked for", () => {
  const made = addTrack(addTrack(EMPTY_SONG, { notes: [note(0, 60), note(480, 72)] }), {
    notes: [note(0, 60)],
  });
  const [upper, lower] = made.tracks.map((track) => track.notes.map((n) => n.id));
  const box = { from: 479, until: 480, low: 59, high: 61 };
  const trackId = made.tracks[1]?.id ?? 0;

  assert.deepEqual(notesInBox(made, box), new Set([upper?.[0], lower?.[0]]));
  assert.deepEqual(notesInBox(made, box, new Set([trackId])), new Set(lower));
  assert.deepEqual(notesOfTrack(made, trackId), new Set(lower));
});
