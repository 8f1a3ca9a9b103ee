/** What was played in one go, as notes. Timing stays as it was played. */
import type { Loop } from "../audio/schedule.ts";
import { type NewNote, TICKS_PER_BEAT } from "../song/model.ts";

interface Key {
  readonly pitch: number;
  readonly velocity: number;
  readonly start: number;
  /** The key was let go, and the pedal holds the note. */
  readonly isHeldByPedal: boolean;
}

/** Notes that come this much before the count-in ends are meant for the first beat. */
const EARLY = TICKS_PER_BEAT / 2;

export class Take {
  readonly #from: number;
  readonly #loop: Loop | null;
  #held: Key[] = [];
  #isPedalDown = false;
  #notes: NewNote[] = [];

  /** `loop` is the region that is repeated while it is recorded. */
  constructor(from: number, loop: Loop | null = null) {
    this.#from = from;
    this.#loop = loop;
  }

  /** Ticks need not be whole; a note much before the start is none. */
  on(pitch: number, velocity: number, tick: number): void {
    this.#end((key) => key.pitch === pitch, tick);
    if (tick < this.#from - EARLY) return;
    const start = Math.max(Math.round(tick), this.#from);
    this.#held.push({ pitch, velocity, start, isHeldByPedal: false });
  }

  off(pitch: number, tick: number): void {
    if (this.#isPedalDown) {
      this.#held = this.#held.map((key) =>
        key.pitch === pitch ? { ...key, isHeldByPedal: true } : key,
      );
    } else this.#end((key) => key.pitch === pitch, tick);
  }

  sustain(isDown: boolean, tick: number): void {
    this.#isPedalDown = isDown;
    if (!isDown) this.#end((key) => key.isHeldByPedal, tick);
  }

  /** The notes so far, in the order they began; what is still held lasts until `tick`. */
  notesAt(tick: number): readonly NewNote[] {
    const held = this.#held.map((key) => this.#noteOf(key, tick));
    return [...this.#notes, ...held].sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  }

  #end(which: (key: Key) => boolean, tick: number): void {
    this.#notes.push(...this.#held.filter(which).map((key) => this.#noteOf(key, tick)));
    this.#held = this.#held.filter((key) => !which(key));
  }

  #noteOf({ pitch, velocity, start }: Key, tick: number): NewNote {
    const hasTurned = this.#loop !== null && tick < start;
    const end = hasTurned ? (this.#loop?.end ?? tick) : Math.round(tick);
    return { pitch, velocity, start, duration: Math.max(end - start, 1) };
  }
}
