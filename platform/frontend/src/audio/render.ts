/**
 * Music to sound, the same in a Web Worker and in Node: the same bytes in give the same samples out.
 *
 * 44.1 kHz stereo with the synthesizer's own reverb and chorus. The sound begins at tick 0 and rings
 * out after the last note, for four seconds at most; then its loudest sample is brought to -1 dB, so
 * that quiet and loud pieces compare fairly.
 */
import {
  BasicMIDI,
  SoundBankLoader,
  SpessaSynthProcessor,
  SpessaSynthSequencer,
} from "spessasynth_core";
import { instrumentsOf, onPorts } from "./midi-tracks.ts";
import type { Instrument } from "./soundfont-index.ts";

/** Changes whenever the same MIDI file sounds different: what was rendered before is then stale. */
export const ENGINE = "spessasynth-4.3.22 fluidr3mono-2.312 r1";

export const SAMPLE_RATE = 44_100;
/** The loudest sample, as a share of full scale: -1 dB leaves room for an encoder's overshoot. */
export const PEAK = 10 ** (-1 / 20);

const BLOCK = 128; // samples, what a browser's audio thread computes at a time
const LONGEST_TAIL = 4; // seconds
const SILENCE = 1e-4; // -80 dB
const REPORT_EVERY = SAMPLE_RATE; // samples

export interface Pcm {
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
  readonly sampleRate: number;
}

export interface RenderOptions {
  /** Seconds of music that are rendered at most. */
  readonly maxSeconds?: number;
  /** Told how far it is, a share from 0 to 1, about once per second of music. */
  readonly onProgress?: (share: number) => void;
}

/** A piece is longer than what is rendered. */
export class TooLong extends Error {
  override readonly name = "TooLong";
}

/** Gives the bytes of one instrument's sound font. */
export type BankSource = (instrument: Instrument) => Promise<ArrayBuffer>;

/**
 * Return the sound of a MIDI file, with only the instruments loaded that it uses.
 *
 * @throws TooLong if the music lasts longer than `maxSeconds`
 */
export async function renderPcm(
  midi: Uint8Array,
  banks: BankSource,
  options: RenderOptions = {},
): Promise<Pcm> {
  const song = BasicMIDI.fromArrayBuffer(onPorts(midi).buffer);
  const limit = options.maxSeconds ?? Number.POSITIVE_INFINITY;
  if (song.duration > limit) {
    throw new TooLong(`${Math.ceil(song.duration)} s of music; at most ${limit} s are rendered.`);
  }
  const instruments = instrumentsOf(midi);
  const fonts = await Promise.all(instruments.map(banks));
  const synth = new SpessaSynthProcessor(SAMPLE_RATE, { eventsEnabled: false });
  await synth.processorInitialized;
  for (const [i, font] of fonts.entries()) {
    synth.soundBankManager.addSoundBank(
      SoundBankLoader.fromArrayBuffer(font),
      String(instruments[i]),
    );
  }
  return normalized(play(synth, song, options.onProgress));
}

function play(
  synth: SpessaSynthProcessor,
  song: BasicMIDI,
  onProgress?: (share: number) => void,
): Pcm {
  const sequencer = new SpessaSynthSequencer(synth);
  sequencer.skipToFirstNoteOn = false; // the playhead of the drawing begins at tick 0
  sequencer.loopCount = 0;
  sequencer.loadNewSongList([song]);
  sequencer.play();
  const end = Math.ceil(song.duration * SAMPLE_RATE);
  const last = end + LONGEST_TAIL * SAMPLE_RATE;
  const left = new Float32Array(last);
  const right = new Float32Array(last);
  let at = 0;
  while (at < last) {
    const size = Math.min(BLOCK, last - at);
    sequencer.processTick();
    synth.process(left, right, at, size);
    at += size;
    if (at >= end && synth.voiceCount === 0 && peakOf(left, right, at - size, at) < SILENCE) break;
    if (at % REPORT_EVERY < BLOCK) onProgress?.(Math.min(1, at / (end + 1)));
  }
  synth.destroySynthProcessor();
  return { left: left.slice(0, at), right: right.slice(0, at), sampleRate: SAMPLE_RATE };
}

function peakOf(left: Float32Array, right: Float32Array, from: number, to: number): number {
  let peak = 0;
  for (let i = from; i < to; i++) {
    peak = Math.max(peak, Math.abs(left[i] ?? 0), Math.abs(right[i] ?? 0));
  }
  return peak;
}

/** Bring the loudest sample to `PEAK`, in place; silence stays silence. */
function normalized(pcm: Pcm): Pcm {
  const peak = peakOf(pcm.left, pcm.right, 0, pcm.left.length);
  const gain = peak > 0 ? PEAK / peak : 1;
  for (const side of [pcm.left, pcm.right]) {
    for (let i = 0; i < side.length; i++) side[i] = (side[i] ?? 0) * gain;
  }
  return pcm;
}
