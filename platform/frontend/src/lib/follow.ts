/** Redraws an element when what it shows changes. */
import type { ReactiveController, ReactiveControllerHost } from "lit";

export interface Followed {
  subscribe(listener: () => void): () => void;
}

/** Subscribes the host to what `followed` names, as long as it is on the page. */
export class Follow implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #followed: () => readonly (Followed | null)[];
  readonly #ends = new Map<Followed, () => void>();

  constructor(host: ReactiveControllerHost, followed: () => readonly (Followed | null)[]) {
    this.#host = host;
    this.#followed = followed;
    host.addController(this);
  }

  hostUpdate(): void {
    const wanted = new Set(this.#followed().filter((one) => one !== null));
    for (const [one, end] of this.#ends) if (!wanted.has(one)) this.#drop(one, end);
    for (const one of wanted) {
      if (!this.#ends.has(one)) {
        this.#ends.set(
          one,
          one.subscribe(() => this.#host.requestUpdate()),
        );
      }
    }
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    for (const [one, end] of this.#ends) this.#drop(one, end);
  }

  #drop(one: Followed, end: () => void): void {
    end();
    this.#ends.delete(one);
  }
}
