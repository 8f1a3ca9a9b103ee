/** A steady call while music plays. */

export interface Ticker {
  /** Call `tick` every few milliseconds until `stop`. */
  start(tick: () => void): void;
  stop(): void;
}

export const TICK_MS = 25;

/** Ticks from a worker, whose timers go on at full pace in a background tab. */
export class WorkerTicker implements Ticker {
  #worker: Worker | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #tick: (() => void) | null = null;

  start(tick: () => void): void {
    this.#tick = tick;
    this.#worker ??= this.#make();
    this.#worker.postMessage(TICK_MS);
  }

  stop(): void {
    this.#tick = null;
    clearInterval(this.#timer);
    this.#worker?.postMessage(0);
  }

  #make(): Worker {
    const worker = new Worker(new URL("./ticker.worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", () => this.#tick?.());
    worker.addEventListener("error", () => this.#goOnWithout());
    return worker;
  }

  /** A worker that could not be fetched: better the page's own timer than none. */
  #goOnWithout(): void {
    clearInterval(this.#timer);
    if (this.#tick) this.#timer = setInterval(() => this.#tick?.(), TICK_MS);
  }
}
