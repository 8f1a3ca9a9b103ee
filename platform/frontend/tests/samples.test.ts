import assert from "node:assert/strict";
import { test } from "node:test";
import { SAMPLES, sampleSong } from "../src/samples/melodies.ts";
import { parseMelody } from "../src/samples/notation.ts";
import { canonicalSong } from "../src/song/midi.ts";
import { endOf, endTick, type Note, type Song } from "../src/song/model.ts";
import { barStarts, secondsAt } from "../src/song/time.ts";

const WALTZ = { tick: 0, numerator: 3, denominator: 4 };

const notesOf = (song: Song): readonly Note[] => song.tracks[0]?.notes ?? [];

test("a melody is read with its lengths, rests and held notes", () => {
  const notes = parseMelody("R C4:1/2 Bb3 - - | -:1 F#5:2", WALTZ);

  assert.deepEqual(
    notes.map(({ start, duration, pitch }) => [start, duration, pitch]),
    [
      [480, 240, 60],
      [720, 1200, 58],
      [1920, 960, 78],
    ],
  );
});

test("a bar begins stronger than a beat, and a beat stronger than what lies between", () => {
  const [down, off, beat] = parseMelody("C4:1/2 C4 C4:1 C4", WALTZ).map((note) => note.velocity);

  assert.ok(down && off && beat && down > beat && beat > off);
});

test("wrong words and wrong lengths are refused", () => {
  assert.throws(() => parseMelody("C4 H4 C4", WALTZ), /"H4" is no note/);
  assert.throws(() => parseMelody("C4 C4 C4 | C4 C4", WALTZ), /Bar 2, "C4 C4"/);
  assert.throws(() => parseMelody("- C4 C4", WALTZ), /no note to hold/);
  assert.throws(() => parseMelody("R - C4", WALTZ), /no note to hold/);
});

test("every sample is a melody of 8 to 17 bars, in a singable range, half a minute or so", () => {
  assert.ok(SAMPLES.length >= 14);
  assert.equal(new Set(SAMPLES.map((sample) => sample.id)).size, SAMPLES.length);
  for (const { id, title, origin } of SAMPLES) {
    const song = sampleSong(id);
    const notes = notesOf(song);
    const bars = barStarts(song, endTick(song)).length;
    const seconds = secondsAt(song.tempos, endTick(song));
    assert.ok(title && origin && bars >= 8 && bars <= 17, `${id} has ${bars} bars`);
    assert.ok(seconds >= 10 && seconds <= 50, `${id} lasts ${seconds} s`);
    assert.ok(
      notes.every((note) => note.pitch >= 55 && note.pitch <= 84),
      id,
    );
    assert.ok(
      notes.every((note, i) => i === 0 || endOf(notes[i - 1] as Note) <= note.start),
      id,
    );
    assert.deepEqual(canonicalSong(song), song);
  }
});

test("samples end on the note that their key is named after", () => {
  for (const { id } of SAMPLES.filter((sample) => sample.id !== "ode-to-joy-off-key")) {
    const song = sampleSong(id);
    const { sharps = 0, isMinor = false } = song.keySignatures[0] ?? {};
    const tonic = (((sharps * 7 + (isMinor ? 9 : 0)) % 12) + 12) % 12;
    assert.equal((notesOf(song).at(-1)?.pitch ?? 0) % 12, tonic, id);
  }
});

test("notes outside the key are the few that belong to the tune", () => {
  const scale = (sharps: number) =>
    new Set([0, 2, 4, 5, 7, 9, 11].map((step) => (step + sharps * 7 + 84) % 12));
  const foreign = (id: string): number => {
    const song = sampleSong(id);
    const within = scale(song.keySignatures[0]?.sharps ?? 0);
    return notesOf(song).filter((note) => !within.has(note.pitch % 12)).length;
  };
  // Leading notes and the raised sixth of the minor keys, and the jig's turn to F major.
  const expected = new Map([
    ["greensleeves", 12],
    ["scarborough-fair", 1],
    ["irish-washerwoman", 7],
  ]);
  for (const { id } of SAMPLES.filter((sample) => sample.id !== "ode-to-joy-off-key")) {
    assert.equal(foreign(id), expected.get(id) ?? 0, id);
  }
});

test("the off-key ode is the ode with as many notes wrong by a semitone as it says", () => {
  const right = notesOf(sampleSong("ode-to-joy"));
  const wrong = notesOf(sampleSong("ode-to-joy-off-key"));
  const origin = SAMPLES.find((sample) => sample.id === "ode-to-joy-off-key")?.origin ?? "";

  assert.deepEqual(
    wrong.map(({ pitch: _, ...note }) => note),
    right.map(({ pitch: _, ...note }) => note),
  );
  const steps = wrong.map((note, index) => Math.abs(note.pitch - (right[index]?.pitch ?? 0)));
  assert.ok(Math.max(...steps) === 1);
  assert.equal(Number(/\d+/.exec(origin)?.[0]), steps.filter((step) => step === 1).length);
});

test("an unknown sample is an error", () => {
  assert.throws(() => sampleSong("tristan"), RangeError);
});
