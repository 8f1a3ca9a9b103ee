/** Plays edits one after the other, at a chosen speed. */

/** Edits a second that can be chosen. */
export const SPEEDS = [1, 2, 4, 8, 16, 32] as const;

/** With reduced motion the picture changes once a second at most; every edit is heard all the same. */
const CALM_MS = 1000;

export interface Stepped {
  /** How many edits are replayed. */
  step(): number;
  count(): number;
  /** An edit comes: let it be heard. `index` counts from 0. */
  hear(index: number): void;
  /** Show the first `step` edits. */
  show(step: number): void;
  /** It began, paused or came to its end. */
  changed(): void;
  isCalm(): boolean;
}

export interface Timers {
  now(): number;
  after(run: () => void, ms: number): number;
  cancel(timer: number): void;
}

const PAGE: Timers = {
  now: () => performance.now(),
  after: (run, ms) => window.setTimeout(run, ms),
  cancel: (timer) => clearTimeout(timer),
};

export class Replay {
  readonly #on: Stepped;
  readonly #timers: Timers;
  #timer: number | null = null;
  #next = 0;
  #shownAt = Number.NEGATIVE_INFINITY;
  #speed = 4;

  constructor(on: Stepped, timers: Timers = PAGE) {
    this.#on = on;
    this.#timers = timers;
  }

  get isRunning(): boolean {
    return this.#timer !== null;
  }

  /** Edits a second. */
  get speed(): number {
    return this.#speed;
  }

  /** Takes effect with the next edit. */
  set speed(speed: number) {
    this.#speed = speed;
  }

  toggle(): void {
    if (this.isRunning) this.pause();
    else this.play();
  }

  /** Go on from where the edits stand; from the beginning, when all are there. */
  play(): void {
    if (this.isRunning || this.#on.count() === 0) return;
    this.#next = this.#on.step() >= this.#on.count() ? 0 : this.#on.step();
    this.#shownAt = Number.NEGATIVE_INFINITY;
    this.#come();
    this.#on.changed();
  }

  /** Stay where the edits stand, and show all that was heard. */
  pause(): void {
    if (this.#timer === null) return;
    this.#timers.cancel(this.#timer);
    this.#timer = null;
    if (this.#on.step() !== this.#next) this.#on.show(this.#next);
    this.#on.changed();
  }

  /** Go on from another place, running or not. */
  moveTo(step: number): void {
    this.#next = step;
    this.#on.show(step);
  }

  #come(): void {
    if (this.#next >= this.#on.count()) {
      this.pause();
      return;
    }
    this.#on.hear(this.#next);
    this.#next += 1;
    if (this.#isDue()) {
      this.#shownAt = this.#timers.now();
      this.#on.show(this.#next);
    }
    this.#timer = this.#timers.after(() => this.#come(), 1000 / this.#speed);
  }

  #isDue(): boolean {
    if (!this.#on.isCalm() || this.#next === this.#on.count()) return true;
    return this.#timers.now() - this.#shownAt >= CALM_MS;
  }
}
