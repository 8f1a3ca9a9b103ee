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
  #tick: () => void = () => undefined;

  start(tick: () => void): void {
    this.#tick = tick;
    this.#worker ??= this.#make();
    this.#worker.postMessage(TICK_MS);
  }

  stop(): void {
    this.#tick = () => undefined;
    this.#worker?.postMessage(0);
  }

  #make(): Worker {
    const worker = new Worker(new URL("./ticker.worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", () => this.#tick());
    return worker;
  }
}
