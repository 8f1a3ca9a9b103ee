/** A table of thousands of rows, of which only those in view are written. */
import { html, type LitElement, type ReactiveController } from "lit";
import { type Window, windowOf } from "./rows.ts";

/**
 * Follows the scrolling of an element's `.scroll`, whose `<tbody>` has rows marked `data-row` between
 * two `spacer()`s. The rows have an `aria-rowindex`, which is 2 for the first.
 */
export class LongTable implements ReactiveController {
  readonly #host: LitElement;
  #top = 0;
  #count = 0;
  #rowHeight = 44;
  /** A row to bring into view that may not be written yet. */
  #wanted: number | null = null;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  /** The rows to write, of `count`. */
  windowOf(count: number): Window {
    this.#count = count;
    return windowOf(count, this.#top, this.#box?.clientHeight || 600, this.#rowHeight);
  }

  /** For the `scroll` event of the box. */
  readonly scrolled = (): void => {
    this.#top = this.#box?.scrollTop ?? 0;
    this.#host.requestUpdate();
  };

  /** Bring a row into view, if it is not, and at once: a smooth scroll would lag behind. */
  reveal(index: number): void {
    this.#wanted = index;
    this.#seek();
  }

  /** Holds the place of the rows that are not written. */
  spacer(which: "before" | "after", columns: number) {
    return html`<tr aria-hidden="true" class="spacer"><td class=${which} colspan=${columns}></td></tr>`;
  }

  hostConnected(): void {
    this.#top = 0;
  }

  hostUpdated(): void {
    const { first, end } = this.windowOf(this.#count);
    this.#rowHeight = this.#measured() ?? this.#rowHeight;
    this.#space("before", first);
    this.#space("after", this.#count - end);
    this.#seek();
  }

  /** Scroll to where the wanted row is; to where it should be, until it is written. */
  #seek(): void {
    const [box, index] = [this.#box, this.#wanted];
    const body = box?.querySelector("tbody");
    if (!box || !body || index === null) return;
    const row = body.querySelector(`[aria-rowindex="${index + 2}"]`);
    if (row) this.#wanted = null;
    const head = box.querySelector("thead")?.clientHeight ?? 0;
    const before = row ?? body;
    const rows = row ? 0 : index * this.#rowHeight;
    // Counted from the upper edge of what is seen below the head, which sticks there.
    const top = before.getBoundingClientRect().top - box.getBoundingClientRect().top + rows - head;
    const room = box.clientHeight - head - (row?.clientHeight ?? this.#rowHeight);
    if (top < 0) box.scrollTop += top;
    else if (top > room) box.scrollTop += top - room / 2;
  }

  get #box(): HTMLElement | null {
    return this.#host.renderRoot?.querySelector<HTMLElement>(".scroll") ?? null;
  }

  /** The height of a row on average: over thousands, a third of a pixel is a page. */
  #measured(): number | null {
    const rows = [...this.#host.renderRoot.querySelectorAll("tbody tr[data-row]")];
    const [first, last] = [rows.at(0), rows.at(-1)];
    if (!first || !last) return null;
    const height = last.getBoundingClientRect().bottom - first.getBoundingClientRect().top;
    return height > 0 ? height / rows.length : null;
  }

  #space(which: string, rows: number): void {
    const space = this.#host.renderRoot.querySelector<HTMLElement>(`.${which}`);
    space?.style.setProperty("height", `${rows * this.#rowHeight}px`);
  }
}
