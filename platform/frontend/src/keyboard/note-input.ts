/** One stream of what is played, whatever it is played on. */
import { Listeners } from "../lib/listeners.ts";

export type NoteSource = "screen" | "computer" | "midi";

/** `time` is the event's `timeStamp`: milliseconds on the clock of `performance.now()`. */
export type NoteEvent = { readonly time: number; readonly source: NoteSource } & (
  | {
      readonly type: "on";
      /** 0 to 127; 60 is C4. */
      readonly pitch: number;
      /** 1 to 127. */
      readonly velocity: number;
    }
  | { readonly type: "off"; readonly pitch: number }
  | { readonly type: "sustain"; readonly isDown: boolean }
);

export class NoteInput {
  readonly #listeners = new Listeners<[NoteEvent]>();
  /** Who holds a pitch, each source as often as it pressed it. */
  readonly #held = new Map<number, NoteSource[]>();
  readonly #pedals = new Set<NoteSource>();

  /** The pitches that are held now. */
  get held(): ReadonlySet<number> {
    return new Set(this.#held.keys());
  }

  subscribe(listener: (event: NoteEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  on(pitch: number, velocity: number, time: number, source: NoteSource): void {
    if (pitch < 0 || pitch > 127) return;
    const holders = this.#held.get(pitch) ?? [];
    if (holders.length > 0) this.#listeners.tell({ type: "off", pitch, time, source });
    this.#held.set(pitch, [...holders, source]);
    this.#listeners.tell({ type: "on", pitch, velocity, time, source });
  }

  /** Let go of a pitch; it ends when nobody holds it any more. */
  off(pitch: number, time: number, source: NoteSource): void {
    const holders = this.#held.get(pitch) ?? [];
    const at = holders.indexOf(source);
    if (at < 0) return;
    const rest = holders.toSpliced(at, 1);
    if (rest.length > 0) {
      this.#held.set(pitch, rest);
      return;
    }
    this.#held.delete(pitch);
    this.#listeners.tell({ type: "off", pitch, time, source });
  }

  /** The pedal is down while it is down on any source. */
  sustain(isDown: boolean, time: number, source: NoteSource): void {
    const wasDown = this.#pedals.size > 0;
    if (isDown) this.#pedals.add(source);
    else this.#pedals.delete(source);
    const nowDown = this.#pedals.size > 0;
    if (nowDown !== wasDown) {
      this.#listeners.tell({ type: "sustain", isDown: nowDown, time, source });
    }
  }

  /** Let go of everything that a source holds, when it goes away. */
  release(source: NoteSource, time: number): void {
    for (const [pitch, holders] of [...this.#held]) {
      for (const holder of holders) if (holder === source) this.off(pitch, time, source);
    }
    this.sustain(false, time, source);
  }
}
