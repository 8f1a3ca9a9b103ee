/** Where bars begin and end. */
import type { Song } from "./model.ts";
import { barTicks, signatureAt } from "./time.ts";

/** The tick at which the bar that holds `tick` begins. */
export function barStart(song: Song, tick: number): number {
  const signature = signatureAt(song, tick);
  const size = barTicks(signature);
  return signature.tick + Math.floor((tick - signature.tick) / size) * size;
}

/** The tick at which the bar after the one that holds `tick` begins. */
export function nextBar(song: Song, tick: number): number {
  const end = barStart(song, tick) + barTicks(signatureAt(song, tick));
  const change = song.timeSignatures.find((signature) => signature.tick > tick)?.tick ?? end;
  return Math.min(end, change);
}

/** The first bar line at or after `tick`. */
export function barLineFrom(song: Song, tick: number): number {
  return barStart(song, tick) === tick ? tick : nextBar(song, tick);
}

/** The tick at which so many bars from the one that holds `tick` have passed. */
export function barsLater(song: Song, tick: number, bars: number): number {
  let end = barStart(song, tick);
  for (let count = 0; count < bars; count += 1) end = nextBar(song, end);
  return end;
}
