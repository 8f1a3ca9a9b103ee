/** Where the playhead is when, read from a drawing's clock. */
export interface Moment {
  /** Seconds from the beginning. */
  readonly seconds: number;
  /** px of the drawing. */
  readonly at: number;
}

/** Read moments written as "seconds px;seconds px;"; what is no pair of numbers is left out. */
export function readClock(text: string): Moment[] {
  return text
    .split(";")
    .map((pair) => pair.trim().split(" ").map(Number))
    .filter((pair) => pair.length === 2 && pair.every(Number.isFinite))
    .map(([seconds = 0, at = 0]) => ({ seconds, at }));
}

/** Return where the playhead is at a time: evenly between two moments, at the ends outside. */
export function positionAt(clock: readonly Moment[], seconds: number): number {
  return between(clock, seconds, "seconds", "at");
}

/** Return the time at which the playhead is at a place. */
export function secondsAt(clock: readonly Moment[], at: number): number {
  return between(clock, at, "at", "seconds");
}

function between(
  clock: readonly Moment[],
  value: number,
  from: keyof Moment,
  to: keyof Moment,
): number {
  const next = clock.findIndex((moment) => moment[from] > value);
  const before = clock[next < 0 ? clock.length - 1 : next - 1];
  const after = clock[next];
  if (!before) return clock[0]?.[to] ?? 0;
  if (!after) return before[to];
  const share = (value - before[from]) / (after[from] - before[from]);
  return before[to] + share * (after[to] - before[to]);
}

/** Write a time as 1:05. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
