/** Tells an element that there is little room, so that it can put things away. */
import type { ReactiveController, ReactiveControllerHost } from "lit";

export class Narrow implements ReactiveController {
  /** Whether the element is narrower than the limit. */
  isNarrow = false;
  readonly #host: ReactiveControllerHost & Element;
  readonly #resized: ResizeObserver;

  /** `below` is in pixels. */
  constructor(host: ReactiveControllerHost & Element, below: number) {
    this.#host = host;
    host.addController(this);
    this.#resized = new ResizeObserver(([entry]) => {
      const isNarrow = (entry?.contentRect.width ?? below) < below;
      if (isNarrow === this.isNarrow) return;
      this.isNarrow = isNarrow;
      this.#host.requestUpdate();
    });
  }

  hostConnected(): void {
    this.#resized.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#resized.disconnect();
  }
}
