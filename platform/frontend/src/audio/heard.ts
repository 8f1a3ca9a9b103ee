/** When what the loudspeaker plays was due, by the audio clock. */

/** The part of an AudioContext that is asked; times in seconds, `performanceTime` in milliseconds. */
export type OutputClock = Pick<AudioContext, "currentTime"> &
  Partial<Pick<AudioContext, "outputLatency" | "baseLatency" | "getOutputTimestamp">>;

/** A time stamp further from the clock than this is not believed: some browsers answer 0. */
const MOST_LATENCY = 2;

/**
 * Return the time on the audio clock of the sound that left the loudspeaker at `stamp`.
 *
 * `stamp` is an event's `timeStamp` or `performance.now()`, in milliseconds. The output latency is
 * part of the answer, so that what somebody plays to a click falls onto that click.
 */
export function heardAt(clock: OutputClock, stamp: number, now = performance.now()): number {
  const out = clock.getOutputTimestamp?.();
  if (out?.contextTime && out.performanceTime) {
    const behind = clock.currentTime - out.contextTime - (now - out.performanceTime) / 1000;
    if (Math.abs(behind) < MOST_LATENCY) {
      return out.contextTime + (stamp - out.performanceTime) / 1000;
    }
  }
  const latency = clock.outputLatency || clock.baseLatency || 0;
  return clock.currentTime - latency + (stamp - now) / 1000;
}
