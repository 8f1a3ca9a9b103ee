/** How places in a piece are written. */
import type { Song } from "../song/model.ts";
import { barBeatAt, beatTicks, secondsAt, signatureAt } from "../song/time.ts";

/** "3.2.120": bar, beat and ticks after it, in whole numbers. */
export function barText(song: Song, tick: number): string {
  const { bar, beat, rest } = barBeatAt(song, Math.max(Math.floor(tick), 0));
  return `${bar}.${beat}.${String(Math.floor(rest)).padStart(3, "0")}`;
}

/** "1:02.5": minutes, seconds and tenths from the beginning, at the written tempo. */
export function timeText(song: Song, tick: number): string {
  const tenths = Math.floor(secondsAt(song.tempos, Math.max(tick, 0)) * 10 + 1e-6);
  const seconds = Math.floor(tenths / 10);
  const shown = `${String(seconds % 60).padStart(2, "0")}.${tenths % 10}`;
  return `${Math.floor(seconds / 60)}:${shown}`;
}

/** The beat of the bar, from 1; of the count-in, if `tick` lies before `start`. */
export function beatText(song: Song, tick: number, start: number): string {
  if (tick >= start) return String(barBeatAt(song, Math.max(Math.floor(tick), 0)).beat);
  const signature = signatureAt(song, start);
  const before = Math.ceil((start - tick) / beatTicks(signature) - 1e-9);
  return String(signature.numerator - ((before - 1) % signature.numerator));
}
