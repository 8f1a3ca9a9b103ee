/** Where the keys lie and how hard they strike: shared by the keys on screen and the computer's. */
import { Listeners } from "../lib/listeners.ts";

export const LOWEST_OCTAVE = 0;
export const HIGHEST_OCTAVE = 8;
export const VELOCITY_STEP = 16;

const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

export class KeySettings {
  #octave = 4;
  #velocity = 96;
  #capturing = false;
  readonly #changed = new Listeners();

  /** The octave of the first key, 0 to 8; 4 begins at middle C. */
  get octave(): number {
    return this.#octave;
  }

  set octave(octave: number) {
    this.#octave = clamp(octave, LOWEST_OCTAVE, HIGHEST_OCTAVE);
    this.#changed.tell();
  }

  /** 1 to 127. */
  get velocity(): number {
    return this.#velocity;
  }

  set velocity(velocity: number) {
    this.#velocity = clamp(velocity, 1, 127);
    this.#changed.tell();
  }

  /** Whether the computer's keys play notes, and single letters are shortcuts. */
  get isCapturing(): boolean {
    return this.#capturing;
  }

  set isCapturing(capturing: boolean) {
    this.#capturing = capturing;
    this.#changed.tell();
  }

  /** The pitch of the first C. */
  get firstPitch(): number {
    return (this.#octave + 1) * 12;
  }

  subscribe(listener: () => void): () => void {
    return this.#changed.add(listener);
  }
}
