/** Who wants to hear of something, and a way to tell them all. */
export class Listeners<Told extends readonly unknown[] = []> {
  readonly #all = new Set<(...told: Told) => void>();

  /** Call `listener` from now on; the answer ends that. */
  add(listener: (...told: Told) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  tell(...told: Told): void {
    for (const listener of [...this.#all]) listener(...told);
  }
}
