/** The Studio's sound on a page of its own, for the browser tests: `window.sound` is what they ask. */
import "./sound.css";
import { SoundEngine } from "../../src/audio/engine.ts";
import { exportWav } from "../../src/audio/export-wav.ts";
import { connectMixer } from "../../src/audio/mixer.ts";
import { WorkerTicker } from "../../src/audio/ticker.ts";
import { Transport } from "../../src/audio/transport.ts";
import { CpKeys } from "../../src/keyboard/cp-keys.ts";
import { CpMidi } from "../../src/keyboard/cp-midi.ts";
import type { NoteEvent } from "../../src/keyboard/note-input.ts";
import { playThrough } from "../../src/keyboard/play-through.ts";
import { WebMidi } from "../../src/keyboard/web-midi.ts";
import { keptLateness } from "../../src/recorder/calibration.ts";
import { CpCalibration } from "../../src/recorder/cp-calibration.ts";
import { Recorder } from "../../src/recorder/recorder.ts";
import { StudioDocument } from "../../src/song/document.ts";
import { addTrack } from "../../src/song/edits.ts";
import { EMPTY_SONG, type NewTrack, projectOf } from "../../src/song/model.ts";
import { CpTransport } from "../../src/studio/cp-transport.ts";
import { listenForShortcuts } from "../../src/studio/shortcuts.ts";

const document_ = new StudioDocument(projectOf(EMPTY_SONG));
const engine = new SoundEngine((sound) =>
  sound === "drums" ? "banks/drums.sf3" : `banks/gm${String(sound).padStart(3, "0")}.sf3`,
);
const transport = new Transport(document_, engine, new WorkerTicker());
const keys = document.querySelector<CpKeys>("cp-keys") ?? new CpKeys();
const bar = document.querySelector<CpTransport>("cp-transport") ?? new CpTransport();
const calibration = document.querySelector<CpCalibration>("cp-calibration") ?? new CpCalibration();
const recorder = new Recorder(document_, transport, keys.input, keptLateness);
const midi = new WebMidi(keys.input);
const midiBox = new CpMidi();
const heard: NoteEvent[] = [];

Object.assign(bar, { transport, document: document_, recorder, engine });
calibration.engine = engine;
Object.assign(midiBox, { midi, slot: "more" });
keys.append(midiBox);
keys.input.subscribe((event) => heard.push(event));
connectMixer(document_, engine);
playThrough(keys.input, engine, () => ({ program: 0, isDrum: false, volume: 100, pan: 64 }));
listenForShortcuts({
  settings: keys.settings,
  scopes: [bar],
  run: {
    play: () => bar.togglePlay(),
    record: () => bar.toggleRecord(),
    loop: () => bar.toggleLoop(),
    metronome: () => bar.toggleMetronome(),
    undo: () => document_.undo(),
  },
});

/** The loudest sample of the next so many milliseconds. */
async function peak(milliseconds: number): Promise<number> {
  const { context, output } = engine;
  if (!context || !output) return 0;
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  output.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let loudest = 0;
  const until = performance.now() + milliseconds;
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 15));
    analyser.getFloatTimeDomainData(samples);
    for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
  }
  output.disconnect(analyser);
  return loudest;
}

/** Milliseconds from now until something is heard. */
async function untilSound(): Promise<number> {
  const start = performance.now();
  while ((await peak(15)) < 1e-3 && performance.now() - start < 15_000);
  return performance.now() - start;
}

/** Seconds that it takes to make a WAV file of a MIDI file given in base 64, and its size in bytes. */
async function exportTime(midi: string): Promise<{ seconds: number; bytes: number }> {
  const bytes = Uint8Array.from(atob(midi), (letter) => letter.charCodeAt(0));
  const start = performance.now();
  const wav = await exportWav(bytes);
  return { seconds: (performance.now() - start) / 1000, bytes: wav.size };
}

function load(tracks: readonly NewTrack[]): void {
  document_.replace(projectOf(tracks.reduce((song, track) => addTrack(song, track), EMPTY_SONG)));
}

const sound = {
  document: document_,
  engine,
  transport,
  recorder,
  midi,
  keys,
  heard,
  load,
  peak,
  untilSound,
  exportTime,
};

declare global {
  interface Window {
    sound: typeof sound;
  }
}

window.sound = sound;
