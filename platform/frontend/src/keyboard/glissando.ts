/** Fingers on keys: each plays the key it is on, and the next one when it slides there. */

export interface Keys {
  on(pitch: number, time: number): void;
  off(pitch: number, time: number): void;
}

export class Glissando {
  readonly #keys: Keys;
  /** The key under each finger, by the pointer's id; null beside the keys. */
  readonly #fingers = new Map<number, number | null>();

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  down(finger: number, pitch: number | null, time: number): void {
    this.#fingers.set(finger, null);
    this.move(finger, pitch, time);
  }

  /** A finger that was not put down plays nothing. */
  move(finger: number, pitch: number | null, time: number): void {
    const before = this.#fingers.get(finger);
    if (before === undefined || before === pitch) return;
    this.#fingers.set(finger, pitch);
    if (before !== null) this.#keys.off(before, time);
    if (pitch !== null) this.#keys.on(pitch, time);
  }

  up(finger: number, time: number): void {
    this.move(finger, null, time);
    this.#fingers.delete(finger);
  }

  isDown(finger: number): boolean {
    return this.#fingers.has(finger);
  }
}
