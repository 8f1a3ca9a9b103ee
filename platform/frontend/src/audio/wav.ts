/** Sound as a WAV file: 16-bit PCM, two channels, no metadata. */
import type { Pcm } from "./render.ts";

const HEADER = 44;
const CHANNELS = 2;
const SAMPLE_BYTES = 2;
const FULL_SCALE = 32_767;

/** Return the bytes of a WAV file; the same samples give the same bytes. */
export function toWav({ left, right, sampleRate }: Pcm): Uint8Array<ArrayBuffer> {
  const frame = CHANNELS * SAMPLE_BYTES;
  const dataBytes = left.length * frame;
  const buffer = new ArrayBuffer(HEADER + dataBytes);
  const view = new DataView(buffer);
  writeText(view, 0, "RIFF");
  view.setUint32(4, HEADER - 8 + dataBytes, true);
  writeText(view, 8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of what follows about the format
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, CHANNELS, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * frame, true);
  view.setUint16(32, frame, true);
  view.setUint16(34, 8 * SAMPLE_BYTES, true);
  writeText(view, 36, "data");
  view.setUint32(40, dataBytes, true);
  for (let i = 0; i < left.length; i++) {
    view.setInt16(HEADER + i * frame, toInt16(left[i] ?? 0), true);
    view.setInt16(HEADER + i * frame + SAMPLE_BYTES, toInt16(right[i] ?? 0), true);
  }
  return new Uint8Array(buffer);
}

function toInt16(sample: number): number {
  return Math.round(Math.max(-1, Math.min(1, sample)) * FULL_SCALE);
}

function writeText(view: DataView, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
}
