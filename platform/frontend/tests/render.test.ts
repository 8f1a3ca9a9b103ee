import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { writeMidi } from "midi-file";
import { instrumentsOf, onPorts } from "../src/audio/midi-tracks.ts";
import { type Pcm, PEAK, renderPcm, SAMPLE_RATE, TooLong } from "../src/audio/render.ts";
import { fileOf, type Instrument, type SoundfontIndex } from "../src/audio/soundfont-index.ts";
import { toWav } from "../src/audio/wav.ts";

const FONTS = join(import.meta.dirname, "..", "src", "generated", "soundfonts");
const index = JSON.parse(await readFile(join(FONTS, "index.json"), "utf8")) as SoundfontIndex;

async function banks(instrument: Instrument): Promise<ArrayBuffer> {
  return new Uint8Array(await readFile(join(FONTS, fileOf(index, instrument)))).buffer;
}

interface Part {
  readonly channel: number;
  readonly program: number;
  readonly pitch?: number;
  /** Beats of rest before the one note of a beat. */
  readonly rest?: number;
  readonly pan?: number;
}

/** Return a file with one note per part, at 120 beats a minute. */
function file(parts: readonly Part[]): Uint8Array {
  const tracks = parts.map(({ channel, program, pitch = 60, rest = 0, pan = 64 }) => [
    { deltaTime: 0, type: "programChange" as const, channel, programNumber: program },
    { deltaTime: 0, type: "controller" as const, channel, controllerType: 10, value: pan },
    { deltaTime: rest * 480, type: "noteOn" as const, channel, noteNumber: pitch, velocity: 90 },
    { deltaTime: 480, type: "noteOff" as const, channel, noteNumber: pitch, velocity: 64 },
    { deltaTime: 0, type: "endOfTrack" as const, meta: true as const },
  ]);
  return new Uint8Array(
    writeMidi({ header: { format: 1, numTracks: parts.length, ticksPerBeat: 480 }, tracks }),
  );
}

const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");
const energy = (side: Float32Array): number => side.reduce((sum, x) => sum + x * x, 0);
const peak = ({ left, right }: Pcm): number =>
  [left, right].reduce((top, side) => side.reduce((m, x) => Math.max(m, Math.abs(x)), top), 0);
const firstSound = ({ left }: Pcm): number => left.findIndex((x) => Math.abs(x) > 0.005);

test("the same file gives the same bytes", async () => {
  const midi = file([
    { channel: 0, program: 0 },
    { channel: 9, program: 0, pitch: 38 },
  ]);

  const first = toWav(await renderPcm(midi, banks));
  const second = toWav(await renderPcm(midi, banks));

  assert.equal(sha256(first), sha256(second));
});

test("a note sounds at its tick, rests before it included", async () => {
  const pcm = await renderPcm(file([{ channel: 0, program: 0, rest: 4 }]), banks);

  assert.ok(Math.abs(firstSound(pcm) / SAMPLE_RATE - 2) < 0.015);
});

test("the loudest sample is at -1 dB and the sound ends in silence", async () => {
  const pcm = await renderPcm(file([{ channel: 0, program: 0 }]), banks);

  assert.ok(Math.abs(peak(pcm) - PEAK) < 1e-6);
  assert.ok(pcm.left.length <= (0.5 + 4) * SAMPLE_RATE + 128);
  assert.ok(Math.abs(pcm.left.at(-1) ?? 1) < 1e-2);
});

test("panning moves the sound", async () => {
  const pcm = await renderPcm(file([{ channel: 0, program: 0, pan: 0 }]), banks);

  assert.ok(energy(pcm.left) > 4 * energy(pcm.right));
});

test("only the instruments that a file uses are loaded", async () => {
  const asked: Instrument[] = [];
  const midi = file([
    { channel: 3, program: 40 },
    { channel: 9, program: 0 },
    { channel: 0, program: 12 },
    { channel: 1, program: 40 },
  ]);

  await renderPcm(midi, (instrument) => {
    asked.push(instrument);
    return banks(instrument);
  });

  assert.deepEqual(asked, [12, 40, "drums"]);
  assert.deepEqual(instrumentsOf(midi), [12, 40, "drums"]);
});

test("tracks that share a channel keep their own instruments", async () => {
  const flute = { channel: 0, program: 73, pitch: 72 };
  const bass = { channel: 0, program: 33, pitch: 36, rest: 4 };

  const together = await renderPcm(file([flute, bass]), banks);
  const apart = await renderPcm(file([flute, { ...bass, channel: 1 }]), banks);

  assert.deepEqual(sha256(toWav(together)), sha256(toWav(apart)));
});

test("a file without shared channels is played as it is", () => {
  const midi = file([
    { channel: 0, program: 1 },
    { channel: 1, program: 2 },
  ]);

  assert.deepEqual(onPorts(midi), midi);
});

test("a piece that is too long is refused before anything is loaded", async () => {
  const never = () => assert.fail("nothing is to be loaded");

  await assert.rejects(
    renderPcm(file([{ channel: 0, program: 0, rest: 100 }]), never, { maxSeconds: 10 }),
    TooLong,
  );
});

test("every instrument has a file, and its license is told in each", async () => {
  assert.equal(index.programs.length, 128);
  assert.equal(new Set([...index.programs, index.drums]).size, 129);
  for (const name of [...index.programs, index.drums]) {
    const head = (await readFile(join(FONTS, name))).subarray(0, 1000).toString("latin1");
    assert.match(head, /MIT license/);
    assert.doesNotMatch(head, /DO NOT REDISTRIBUTE/i);
  }
  assert.match(await readFile(join(FONTS, "LICENSE.txt"), "utf8"), /Permission is hereby granted/);
});

test("a WAV file says what it holds", () => {
  const wav = toWav({
    left: Float32Array.of(0, 1, -2),
    right: Float32Array.of(0.5, 0, 0),
    sampleRate: 44_100,
  });
  const view = new DataView(wav.buffer);

  assert.equal(wav.length, 44 + 3 * 4);
  assert.equal(view.getUint32(40, true), 12);
  assert.deepEqual(
    [44, 46, 48, 52].map((at) => view.getInt16(at, true)),
    [0, 16384, 32767, -32767],
  );
});
