/** Tempo and time signature, as a person sets them. */
import type { Song, TempoChange, TimeSignature } from "./model.ts";

export const SLOWEST = 20;
export const FASTEST = 300;

/** The tempo that holds at a tick, in quarter notes per minute. */
export function tempoAt(song: Song, tick: number): number {
  const change = song.tempos.findLast((tempo) => tempo.tick <= Math.max(tick, 0));
  return 60e6 / (change?.usPerBeat ?? 500_000);
}

/** Change the tempo that holds at a tick, up to the next change; `qpm` is kept within limits. */
export function setTempo(song: Song, tick: number, qpm: number): Song {
  const usPerBeat = Math.round(60e6 / Math.min(Math.max(qpm, SLOWEST), FASTEST));
  const tempos = replaced<TempoChange>(song.tempos, tick, (change) => ({ ...change, usPerBeat }));
  return tempos === song.tempos ? song : { ...song, tempos };
}

/** Change the time signature that holds at a tick, up to the next change. */
export function setSignature(
  song: Song,
  tick: number,
  numerator: number,
  denominator: number,
): Song {
  const change = (old: TimeSignature) => ({ ...old, numerator, denominator });
  const timeSignatures = replaced(song.timeSignatures, tick, change);
  return timeSignatures === song.timeSignatures ? song : { ...song, timeSignatures };
}

function replaced<T extends { readonly tick: number }>(
  changes: readonly T[],
  tick: number,
  change: (old: T) => T,
): readonly T[] {
  const at = changes.findLastIndex((candidate) => candidate.tick <= Math.max(tick, 0));
  const old = changes[at];
  if (!old) return changes;
  const next = change(old);
  return JSON.stringify(next) === JSON.stringify(old) ? changes : changes.with(at, next);
}

/** Taps further apart than this, in milliseconds, begin anew. */
const PAUSE = 2500;
const FEWEST_TAPS = 3;

/** The tempo of the last taps, given in milliseconds; null while there are too few. */
export function tappedTempo(taps: readonly number[]): number | null {
  const last = taps.findLastIndex((tap, index) => tap - (taps[index - 1] ?? tap) > PAUSE);
  const run = taps.slice(Math.max(last, 0)).slice(-8);
  const [first] = run;
  const end = run.at(-1);
  if (run.length < FEWEST_TAPS || first === undefined || end === undefined) return null;
  const qpm = (60_000 * (run.length - 1)) / (end - first);
  return Math.min(Math.max(Math.round(qpm), SLOWEST), FASTEST);
}
