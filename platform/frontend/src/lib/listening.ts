/** How much of a piece somebody really heard. */
const ENOUGH_SECONDS = 15;
const LONGEST_STEP = 2; // seconds; a longer one is a jump

/** Return the seconds of a piece that count as having heard it: half of it, at most 15. */
export function enoughOf(seconds: number): number {
  return Math.min(ENOUGH_SECONDS, seconds / 2);
}

/** Adds up the time that played; jumps do not count. */
export class Listening {
  heard = 0;
  private last: number | undefined;

  /** Note that the player is at `seconds` and playing. */
  advance(seconds: number): void {
    const step = this.last === undefined ? 0 : seconds - this.last;
    if (step > 0 && step <= LONGEST_STEP) this.heard += step;
    this.last = seconds;
  }

  /** Note that the player was moved or stopped: what comes next begins anew. */
  interrupt(): void {
    this.last = undefined;
  }
}
