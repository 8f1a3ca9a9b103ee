import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import midiFile from "midi-file";
import { addTrack } from "../src/song/edits.ts";
import { cleanName, decodeName } from "../src/song/midi/names.ts";
import { canonicalSong, MidiProblem, readMidi, writeMidi } from "../src/song/midi.ts";
import { countNotes, EMPTY_SONG, type NewTrack, type Song } from "../src/song/model.ts";
import { music, song } from "./arbitrary.ts";

const END = [0, 0xff, 0x2f, 0];
const NOTE = [0, 0x90, 60, 64, 0x83, 0x60, 0x80, 60, 64];

const u32 = (value: number): number[] => [
  value >>> 24,
  (value >> 16) & 255,
  (value >> 8) & 255,
  value & 255,
];

function file(
  bodies: number[][],
  { type = 1, division = 480, announced = bodies.length } = {},
): Uint8Array {
  const head = [0, type, announced >> 8, announced & 255, division >> 8, division & 255];
  const chunks = bodies.flatMap((body) => [...Buffer.from("MTrk"), ...u32(body.length), ...body]);
  return Uint8Array.from([...Buffer.from("MThd"), ...u32(6), ...head, ...chunks]);
}

function songWith(...tracks: NewTrack[]): Song {
  return tracks.reduce<Song>((made, track) => addTrack(made, track), EMPTY_SONG);
}

test("what is written is read back: all of a song that a file can tell", () => {
  fc.assert(
    fc.property(song, (made) => {
      fc.pre(countNotes(made) > 0);
      assert.deepEqual(music(readMidi(writeMidi(made))), music(canonicalSong(made)));
    }),
  );
});

test("a canonical song stays as it is, and its file is written the same again", () => {
  fc.assert(
    fc.property(song, (made) => {
      fc.pre(countNotes(made) > 0);
      const canonical = canonicalSong(made);
      const bytes = writeMidi(canonical);
      assert.deepEqual(canonicalSong(canonical), canonical);
      assert.deepEqual(writeMidi(readMidi(bytes)), bytes);
    }),
  );
});

test("a file cannot tell empty tracks, changes without effect, or what is wrong with a name", () => {
  const note = { start: 0, duration: 480, pitch: 60, velocity: 80 };
  const made = {
    ...songWith({ name: "Empty" }, { name: " Left\u202e  hand\n", notes: [note] }),
    tempos: [
      { tick: 0, usPerBeat: 500_000 },
      { tick: 240, usPerBeat: 500_000 },
    ],
    keySignatures: [{ tick: 480, sharps: 1, isMinor: false }],
  };

  const read = readMidi(writeMidi(made));

  assert.deepEqual(
    read.tracks.map((track) => track.name),
    ["Left hand"],
  );
  assert.deepEqual([read.tempos.length, read.keySignatures.length], [1, 0]);
});

test("names are read in the encodings that old programs write", () => {
  assert.equal(decodeName(Buffer.from("Flöte", "utf-8")), "Flöte");
  assert.equal(decodeName(Buffer.from("Flöte", "latin1")), "Flöte");
  assert.equal(decodeName(Uint8Array.of(0x83, 0x73, 0x83, 0x41, 0x83, 0x6d)), "ピアノ");
  assert.equal(cleanName("a".repeat(99)).length, 80);
});

test("more melodic tracks than there are channels stay apart", () => {
  const note = { start: 0, duration: 480, pitch: 60, velocity: 80 };
  const many = songWith(...Array.from({ length: 40 }, () => ({ program: 1, notes: [note] })));

  assert.equal(readMidi(writeMidi(many)).tracks.length, 40);
});

test("another reader finds the same notes, volumes and pans", () => {
  fc.assert(
    fc.property(song, (made) => {
      const { tracks } = midiFile.parseMidi(writeMidi(made));
      const noteOns = tracks.flat().filter((event) => event.type === "noteOn");
      const volumes = tracks.flatMap((events) =>
        events.flatMap((e) => (e.type === "controller" && e.controllerType === 7 ? [e.value] : [])),
      );
      assert.equal(noteOns.length, countNotes(made));
      assert.deepEqual(
        volumes,
        made.tracks.flatMap((track) => (track.volume === 100 ? [] : [track.volume])),
      );
    }),
  );
});

test("volume and pan are the first that a part is given", () => {
  const set = (controller: number, value: number) => [0, 0xb0, controller, value];
  const body = [...set(7, 20), ...set(7, 90), ...set(10, 0), ...NOTE, ...set(7, 1), ...END];

  const [track] = readMidi(file([body])).tracks;

  assert.deepEqual([track?.volume, track?.pan], [20, 0]);
});

test("a file of type 0 falls apart into its channels, drums among them", () => {
  const body = [0, 0x99, 36, 100, 0, 0xc2, 33, 0, 0x92, 40, 70, 10, 40, 0, 0, 0x89, 36, 0, ...END];

  const { tracks } = readMidi(file([body], { type: 0, division: 10 }));

  assert.deepEqual(
    tracks.map(({ program, isDrum, notes }) => [
      program,
      isDrum,
      notes[0]?.pitch,
      notes[0]?.duration,
    ]),
    [
      [33, false, 40, 480],
      [0, true, 36, 480],
    ],
  );
});

test("files that cannot be taken in are refused in words for a musician", () => {
  const noteFor = (...delta: number[]) => [0, 0x90, 60, 64, ...delta, 0x80, 60, 64, ...END];
  const refused: [string, Uint8Array, RegExp][] = [
    ["empty_file", new Uint8Array(), /is empty/],
    ["too_large", new Uint8Array((1 << 20) + 1), /at most 1,048,576 are accepted/],
    ["not_midi", Buffer.from("Dear jury"), /not a MIDI file/],
    ["not_midi", Buffer.from("ID3 and music"), /looks like an MP3 recording/],
    ["truncated", file([[...NOTE, ...END]]).subarray(0, -6), /cut off/],
    ["truncated", file([[...NOTE, ...END]], { announced: 3 }), /its end is missing/],
    ["damaged", file([[0, 60, 64, ...END]]), /no status byte/],
    ["damaged", file([[0, 0x90, 60]]), /runs past the end/],
    ["damaged", file([[0, 0x90, 200, 64, ...END]]), /data below 128/],
    ["damaged", file([[0xff, 0xff, 0xff, 0xff, 0x7f]]), /four bytes/],
    ["type_unsupported", file([[...NOTE, ...END]], { type: 2 }), /Save it as type 1/],
    ["division_unsupported", file([[...NOTE, ...END]], { division: 0xe728 }), /SMPTE/],
    ["division_unsupported", file([[...NOTE, ...END]], { division: 0 }), /0 ticks/],
    ["bad_tempo", file([[0, 0xff, 0x51, 3, 0, 0, 0, ...NOTE, ...END]]), /0 microseconds/],
    ["no_notes", file([END]), /no note that sounds/],
    ["no_notes", file([[0, 0x90, 60, 64, ...END]]), /no note that sounds/],
    ["too_many_tracks", file(Array(65).fill([...NOTE, ...END])), /65 tracks/],
    ["too_long", file([noteFor(0xff, 0xff, 0xff, 0x7f)]), /accepted/],
    ["too_many_notes", file([Array(50_001).fill([1, 0x90, 60, 64, 1, 60, 0]).flat()]), /50,001/],
  ];

  for (const [code, bytes, says] of refused) {
    assert.throws(
      () => readMidi(bytes),
      (error) => error instanceof MidiProblem && error.code === code && says.test(error.message),
      `${code}: ${says}`,
    );
  }
});

test("any bytes give a song or a problem in words, never another error", () => {
  const events = fc.uint8Array({ maxLength: 200 }).map((body) => file([[...body, ...END]]));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), events), (bytes) => {
      try {
        assert.ok(countNotes(readMidi(bytes)) > 0);
      } catch (error) {
        assert.ok(error instanceof MidiProblem, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test("a megabyte made to be slow is answered soon", { timeout: 5000 }, () => {
  const many = (message: number[], count: number): number[] => Array(count).fill(message).flat();
  const slow: number[][] = [
    [...many([0, 0x90, 60, 64], 120_000), ...many([0, 0x90, 60, 0], 120_000)],
    many([0, 0xff, 0x03, 2, 0x83, 0x41], 170_000),
    many([1, 0xff, 0x51, 3, 1, 2, 3], 140_000),
    many([0, 0xb0, 7, 64], 250_000),
  ];

  for (const body of slow) assert.throws(() => readMidi(file([body])), MidiProblem);
});
