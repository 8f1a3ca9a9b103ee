/** Ticks, seconds, bars and beats of a song. */
import { type Song, type TempoChange, TICKS_PER_BEAT, type TimeSignature } from "./model.ts";

export interface BarBeat {
  /** Counted from 1. */
  readonly bar: number;
  /** Counted from 1, in notes of the denominator. */
  readonly beat: number;
  /** Ticks after that beat began. */
  readonly rest: number;
}

export function barTicks(signature: TimeSignature): number {
  return Math.floor((signature.numerator * 4 * TICKS_PER_BEAT) / signature.denominator);
}

export function beatTicks(signature: TimeSignature): number {
  return (4 * TICKS_PER_BEAT) / signature.denominator;
}

export function secondsAt(tempos: readonly TempoChange[], tick: number): number {
  let us = 0;
  tempos.forEach((change, index) => {
    const until = Math.min(tempos[index + 1]?.tick ?? tick, tick);
    us += Math.max(until - change.tick, 0) * change.usPerBeat;
  });
  return us / TICKS_PER_BEAT / 1e6;
}

/** The inverse of `secondsAt`; not rounded. */
export function tickAt(tempos: readonly TempoChange[], seconds: number): number {
  let left = seconds * 1e6 * TICKS_PER_BEAT;
  for (const [index, change] of tempos.entries()) {
    const next = tempos[index + 1];
    const span = next ? (next.tick - change.tick) * change.usPerBeat : Number.POSITIVE_INFINITY;
    if (left < span) return change.tick + left / change.usPerBeat;
    left -= span;
  }
  return 0;
}

export function signatureAt(song: Song, tick: number): TimeSignature {
  const found = song.timeSignatures.findLast((change) => change.tick <= tick);
  return found ?? { tick: 0, numerator: 4, denominator: 4 };
}

/** Ticks at which bars begin, the first at 0, up to and without `until`. */
export function barStarts(song: Song, until: number): number[] {
  const starts: number[] = [];
  song.timeSignatures.forEach((change, index) => {
    const end = Math.min(song.timeSignatures[index + 1]?.tick ?? until, until);
    for (let tick = change.tick; tick < end; tick += barTicks(change)) starts.push(tick);
  });
  return starts;
}

export function barBeatAt(song: Song, tick: number): BarBeat {
  let bar = 1;
  for (const [index, change] of song.timeSignatures.entries()) {
    const next = song.timeSignatures[index + 1];
    if (next && next.tick <= tick) {
      bar += Math.ceil((next.tick - change.tick) / barTicks(change));
      continue;
    }
    const within = tick - change.tick;
    const size = barTicks(change);
    const inBar = within % size;
    const beat = beatTicks(change);
    return {
      bar: bar + Math.floor(within / size),
      beat: 1 + Math.floor(inBar / beat),
      rest: inBar % beat,
    };
  }
  return { bar, beat: 1, rest: 0 };
}
