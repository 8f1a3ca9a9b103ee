import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalSong } from "../src/song/canonical.ts";
import { settingsOf, withSettings } from "../src/song/kept.ts";
import { readMidi, writeMidi } from "../src/song/midi.ts";
import { project as anyProject } from "./arbitrary.ts";

test("settings come back to a song that went through the site", () => {
  fc.assert(
    fc.property(anyProject, (given) => {
      fc.pre(given.song.tracks.some((track) => track.notes.length > 0));
      const project = { ...given, song: canonicalSong(given.song) };
      const kept = JSON.parse(JSON.stringify(settingsOf(project)));

      const again = withSettings(readMidi(writeMidi(project.song)), kept);

      assert.deepEqual(settingsOf(again), settingsOf(project));
    }),
  );
});

test("damaged settings are left out", () => {
  const { song } = withSettings(readMidi(writeMidi(oneNote())), {});
  const project = withSettings(song, { muted: "all", locked_notes: [[9, 9]], locked_bars: [0, 2] });

  assert.deepEqual(settingsOf(project), {
    muted: [],
    soloed: [],
    locked_bars: [2],
    locked_notes: [],
  });
});

function oneNote() {
  const note = { id: 2, start: 0, duration: 480, pitch: 60, velocity: 80 };
  const track = { id: 1, name: "", program: 0, isDrum: false, volume: 100, pan: 64, notes: [note] };
  return canonicalSong({
    tracks: [track],
    tempos: [{ tick: 0, usPerBeat: 500_000 }],
    timeSignatures: [{ tick: 0, numerator: 4, denominator: 4 }],
    keySignatures: [],
    nextId: 3,
  });
}
