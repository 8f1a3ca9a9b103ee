/** Work that is done one after the other, whatever fails. */
export class OneByOne {
  #last: Promise<void> = Promise.resolve();
  #open = 0;
  readonly #onChange: () => void;
  readonly #onError: (error: unknown) => void;

  constructor(onChange: () => void, onError: (error: unknown) => void) {
    this.#onChange = onChange;
    this.#onError = onError;
  }

  get isBusy(): boolean {
    return this.#open > 0;
  }

  add(work: () => Promise<void>): void {
    this.#open += 1;
    this.#last = this.#last
      .then(work)
      .catch(this.#onError)
      .finally(() => {
        this.#open -= 1;
        this.#onChange();
      });
    this.#onChange();
  }

  /** Resolve when nothing is left to do. */
  async settled(): Promise<void> {
    while (this.isBusy) await this.#last;
  }
}
