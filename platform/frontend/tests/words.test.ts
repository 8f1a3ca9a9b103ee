import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sampleSong } from "../src/samples/melodies.ts";
import { editedTrack } from "../src/song/changes.ts";
import { addTrack } from "../src/song/edits.ts";
import { eventInWords } from "../src/song/event-words.ts";
import {
  drumName,
  INSTRUMENT_FAMILIES,
  instrumentName,
  pitchOfDrum,
} from "../src/song/instruments.ts";
import { EMPTY_SONG, type NewNote } from "../src/song/model.ts";
import {
  lengthName,
  noteInWords,
  noteName,
  pitchName,
  pitchOf,
  placeName,
  spell,
  spokenPitch,
} from "../src/song/words.ts";

const octaveIn = (sharps: number): string =>
  Array.from({ length: 12 }, (_, step) => pitchName(60 + step, sharps).slice(0, -1)).join(" ");

test("every pitch is spelled as the pitch it is, in every key", () => {
  fc.assert(
    fc.property(fc.nat(127), fc.integer({ min: -7, max: 7 }), (pitch, sharps) => {
      const { letter, sign, octave } = spell(pitch, sharps);
      const natural = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 }[letter];
      assert.equal(12 * (octave + 1) + (natural ?? Number.NaN) + sign, pitch);
    }),
  );
});

test("black keys are named by the key signature", () => {
  assert.equal(octaveIn(0), "C C♯ D E♭ E F F♯ G G♯ A B♭ B");
  assert.equal(octaveIn(-1), "C C♯ D E♭ E F F♯ G A♭ A B♭ B");
  assert.equal(octaveIn(4), "C C♯ D D♯ E F F♯ G G♯ A A♯ B");
  assert.equal(octaveIn(-4), "C D♭ D E♭ E F G♭ G A♭ A B♭ B");
});

test("octaves count from C, and names can be spoken", () => {
  assert.deepEqual(
    [0, 59, 60, 127].map((pitch) => pitchName(pitch)),
    ["C-1", "B3", "C4", "G9"],
  );
  assert.deepEqual(
    [60, 66, 70].map((pitch) => spokenPitch(pitch)),
    ["C4", "F sharp 4", "B flat 4"],
  );
});

test("lengths have the names musicians give them, others are counted in beats", () => {
  const lengths = [1920, 1440, 960, 720, 480, 240, 120, 60, 320, 160, 80, 2400, 500, 1];

  assert.deepEqual(lengths.map(lengthName), [
    "whole",
    "dotted half",
    "half",
    "dotted quarter",
    "quarter",
    "eighth",
    "sixteenth",
    "thirty-second",
    "quarter triplet",
    "eighth triplet",
    "sixteenth triplet",
    "5 beats",
    "1.042 beats",
    "0.002 beats",
  ]);
});

test("positions count bars and beats of the time signature", () => {
  const jig = sampleSong("irish-washerwoman");

  assert.equal(placeName(jig, 1440 + 3 * 240), "Bar 2 beat 4");
  assert.equal(placeName(jig, 1440 + 120), "Bar 2 beat 1.5");
  assert.equal(placeName(jig, 1440 - 1), "Bar 1 beat 6.996");
});

test("a note is read aloud with place, name and length", () => {
  const ode = sampleSong("ode-to-joy");
  const [melody] = ode.tracks;
  const [first] = melody?.notes ?? [];
  assert.ok(melody && first);

  assert.equal(noteInWords(ode, melody, first), "Bar 1 beat 1, F sharp 4, quarter");
  assert.equal(noteName(ode, melody, first), "F♯4");
});

test("drums are called by their sounds where they have one", () => {
  const snare = { start: 480, duration: 120, pitch: 38, velocity: 90 };
  const song = addTrack(EMPTY_SONG, { isDrum: true, notes: [snare, { ...snare, pitch: 100 }] });
  const [drums] = song.tracks;
  assert.ok(drums);

  assert.deepEqual(
    drums.notes.map((note) => noteInWords(song, drums, note)),
    ["Bar 1 beat 2, Snare, sixteenth", "Bar 1 beat 2, E7, sixteenth"],
  );
});

test("General MIDI has 128 programs with names of their own, eight to a family", () => {
  const programs = INSTRUMENT_FAMILIES.flatMap((family) => family.instruments);

  assert.deepEqual(
    programs.map(({ program }) => program),
    [...Array(128).keys()],
  );
  assert.equal(new Set(programs.map(({ name }) => name)).size, 128);
  assert.ok(INSTRUMENT_FAMILIES.every((family) => family.instruments.length === 8));
  assert.equal(instrumentName({ program: 40, isDrum: false }), "Violin");
  assert.equal(instrumentName({ program: 40, isDrum: true }), "Drum Kit");
});

test("the drum kit names pitches 35 to 81", () => {
  const named = [...Array(128).keys()].filter((pitch) => drumName(pitch) !== null);

  assert.deepEqual([named[0], named.at(-1), named.length], [35, 81, 47]);
  assert.deepEqual([36, 38, 42, 49, 81].map(drumName), [
    "Kick",
    "Snare",
    "Closed Hi-Hat",
    "Crash Cymbal 1",
    "Open Triangle",
  ]);
});

test("edit events say what became of a note, and where", () => {
  const ode = sampleSong("ode-to-joy");
  const fis = { start: 1920, duration: 480, pitch: 66, velocity: 80 };
  const said = (before: NewNote | null, after: NewNote | null): string =>
    eventInWords(ode, { kind: "move", track: 0, before, after, log_odds: 1, iteration: 1 });

  assert.equal(said(null, fis), "Added F♯4 at bar 2 beat 1, quarter");
  assert.equal(said(fis, null), "Removed F♯4 at bar 2 beat 1");
  assert.equal(said(fis, { ...fis, pitch: 67 }), "Changed F♯4 at bar 2 beat 1 to G4");
  assert.equal(
    said(fis, { ...fis, start: 2400, duration: 240 }),
    "Changed F♯4 at bar 2 beat 1 to bar 2 beat 2, eighth",
  );
});

test("an edit is named as its track names its notes, whatever tracks without notes stand before", () => {
  const snare = { start: 0, duration: 120, pitch: 38, velocity: 90 };
  const empty = addTrack(EMPTY_SONG, { name: "Nothing yet" });
  const song = addTrack(empty, { name: "Drums", isDrum: true, notes: [snare] });
  const event = { kind: "remove", track: 0, before: snare, after: null } as const;

  assert.equal(editedTrack(song, event)?.name, "Drums");
  assert.equal(
    eventInWords(song, { ...event, log_odds: 1, iteration: 1 }),
    "Removed Snare at bar 1 beat 1",
  );
});

test("a pitch that is written is the pitch that is meant", () => {
  assert.equal(pitchOf("gb4"), 66);
  assert.equal(pitchOf("C-1"), 0);
  assert.equal(pitchOf("G♯9"), null);
  for (let pitch = 0; pitch < 128; pitch++) assert.equal(pitchOf(pitchName(pitch)), pitch);
});

test("a drum that is written by its name is found again", () => {
  for (let pitch = 35; pitch <= 81; pitch++) {
    assert.equal(pitchOfDrum(` ${drumName(pitch)?.toUpperCase()} `), pitch);
  }
  assert.equal(pitchOfDrum("Gong"), null);
});
