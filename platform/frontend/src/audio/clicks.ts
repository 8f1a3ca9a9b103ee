/** The beats that a metronome marks. */
import type { Song } from "../song/model.ts";
import { barTicks, beatTicks, signatureAt } from "../song/time.ts";

export interface Click {
  readonly tick: number;
  /** The first beat of a bar. */
  readonly isStrong: boolean;
}

/** The beats from tick `from` until just before tick `until`, over changes of the time signature. */
export function clicksBetween(song: Song, from: number, until: number): Click[] {
  return song.timeSignatures.flatMap((signature, index) => {
    const next = song.timeSignatures[index + 1]?.tick ?? Number.POSITIVE_INFINITY;
    const beat = beatTicks(signature);
    const first = Math.max(Math.ceil((from - signature.tick) / beat), 0);
    const clicks: Click[] = [];
    for (let count = first; ; count += 1) {
      const tick = signature.tick + count * beat;
      if (tick >= Math.min(until, next)) return clicks;
      clicks.push({ tick, isStrong: count % signature.numerator === 0 });
    }
  });
}

/** The beats of a count-in that ends at tick `start`, in the time signature that holds there. */
export function leadInClicks(song: Song, start: number, from: number, until: number): Click[] {
  const { numerator, denominator } = signatureAt(song, start);
  const counted = {
    ...song,
    timeSignatures: [{ tick: start - leadInTicks(song, start, MOST_BARS), numerator, denominator }],
  };
  return clicksBetween(counted, from, until);
}

const MOST_BARS = 8;

/** How many ticks a count-in of so many bars (8 at most) takes before tick `start`. */
export function leadInTicks(song: Song, start: number, bars: number): number {
  return Math.min(bars, MOST_BARS) * barTicks(signatureAt(song, start));
}
