/**
 * `<cp-roll-tools>`: tool, grid, length, zoom, and what can be done with the selection.
 *
 * Properties: `document`, `desk`. Events: `cp-quantize` {ids} asks for the quantize dialog,
 * `cp-loop` {from, until} or {from: null, until: null} tells of a loop that was set by numbers.
 */
import { css, html } from "lit";
import { t } from "../lib/i18n.ts";
import { icon } from "../lib/icons.ts";
import { countNotes } from "../song/model.ts";
import { lengthName } from "../song/words.ts";
import type { Tool } from "./desk.ts";
import { DeskElement } from "./desk-element.ts";
import { SNAPS } from "./grid.ts";
import { controls, shared } from "./styles.ts";

const SHAPES = { draw: "edit", select: "select", erase: "erase" } as const;
const TOOLS: readonly { tool: Tool; name: () => string; hint: () => string }[] = [
  { tool: "draw", name: () => t("Draw"), hint: () => t("Draw: click or drag to add notes") },
  { tool: "select", name: () => t("Select"), hint: () => t("Select: click notes or drag a box") },
  { tool: "erase", name: () => t("Erase"), hint: () => t("Erase: click or drag over notes") },
];

const LENGTHS = [1920, 1440, 960, 720, 480, 360, 320, 240, 160, 120, 80, 60];

export class CpRollTools extends DeskElement {
  static override styles = [
    shared,
    controls,
    css`
      :host {
        container-type: inline-size;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--s2) var(--s4);
        align-items: center;
      }

      .group {
        display: inline-flex;
        gap: var(--s1);
        align-items: center;
      }

      .choices {
        flex-wrap: wrap;
        gap: var(--s2) var(--s4);
      }

      .joined {
        gap: 0;
      }

      .joined button + button {
        margin-left: -1px;
      }

      .joined button:not(:first-child) {
        border-top-left-radius: 0;
        border-bottom-left-radius: 0;
      }

      .joined button:not(:last-child) {
        border-top-right-radius: 0;
        border-bottom-right-radius: 0;
      }

      .joined button:focus-visible {
        z-index: 1;
      }

      label {
        display: inline-flex;
        gap: var(--s2);
        align-items: center;
      }

      select {
        color: var(--ink);
      }




      /* One row of signs where there is no room for words, so that the notes are seen. */
      @container (width < 46rem) {
        .row {
          gap: var(--s2);
        }

        .group .text {
          display: none;
        }

        .tools button {
          padding-inline: var(--s2);
        }

        .choices {
          gap: var(--s2);
        }

        .choices label {
          gap: var(--s1);
        }

        .choices select {
          max-width: 5.25rem;
        }
      }

      @container (width < 34rem) {
        .row {
          flex-wrap: nowrap;
          overflow-x: auto;
          /* Room for the ring around what has the focus. */
          padding: 4px;
          margin: -4px;
          scrollbar-width: thin;
        }

        .row > *,
        .choices {
          flex: none;
          flex-wrap: nowrap;
        }
      }
    `,
  ];

  protected override firstUpdated(): void {
    // What acts on a selection is fetched once there is something to select in.
    void import("./cp-selection.ts");
  }

  protected override render() {
    return html`
      <div class="row">
        ${this.#tools()} ${this.#grid()} ${this.#zoom()}
        <button @click=${this.#quantize} ?disabled=${countNotes(this.song) === 0}>${t("Quantize…")}</button>
      </div>
      <cp-selection .document=${this.document} .desk=${this.desk}></cp-selection>
    `;
  }

  #tools() {
    return html`<div class="group joined tools" role="group" aria-label=${t("Tool")}>
      ${TOOLS.map(
        ({ tool, name, hint }) => html`<button
          title=${hint()}
          aria-label=${name()}
          aria-pressed=${this.desk.state.tool === tool}
          @click=${() => this.desk.set({ tool })}
        >
          ${icon(SHAPES[tool])}<span class="text">${name()}</span>
        </button>`,
      )}
    </div>`;
  }

  #grid() {
    const { snap, noteLength } = this.desk.state;
    const lengths = LENGTHS.includes(noteLength) ? LENGTHS : [noteLength, ...LENGTHS];
    return html`<div class="group choices">
      <label>${t("Grid")} ${this.#choice(
        snap,
        SNAPS.map(({ ticks, name }) => ({ value: ticks, name: name() })),
        (ticks) => this.desk.set({ snap: ticks }),
      )}</label>
      <label>${t("Length")} ${this.#choice(
        noteLength,
        lengths.map((ticks) => ({ value: ticks, name: lengthName(ticks) })),
        (ticks) => this.desk.set({ noteLength: ticks }),
      )}</label>
    </div>`;
  }

  #choice(
    chosen: number,
    options: readonly { value: number; name: string }[],
    choose: (value: number) => void,
  ) {
    const changed = (event: Event) => choose(Number((event.target as HTMLSelectElement).value));
    return html`<select @change=${changed}>
      ${options.map(
        ({ value, name }) =>
          html`<option value=${value} .selected=${value === chosen}>${name}</option>`,
      )}
    </select>`;
  }

  #zoom() {
    const { beatWidth, rowHeight } = this.desk.state;
    const button = (name: string, shape: string, act: () => void) => html`<button
      class="icon"
      title=${name}
      aria-label=${name}
      @click=${act}
    >
      ${icon(shape)}
    </button>`;
    return html`<div class="group joined" role="group" aria-label=${t("Zoom")}>
      ${button(t("Zoom out in time"), "narrower", () => this.desk.set({ beatWidth: beatWidth / 1.4 }))}
      ${button(t("Zoom in on time"), "wider", () => this.desk.set({ beatWidth: beatWidth * 1.4 }))}
      ${button(t("Lower rows"), "shorter", () => this.desk.set({ rowHeight: rowHeight / 1.25 }))}
      ${button(t("Higher rows"), "taller", () => this.desk.set({ rowHeight: rowHeight * 1.25 }))}
    </div>`;
  }

  #quantize(): void {
    this.tell("cp-quantize", { ids: [...this.desk.state.selection] });
  }
}

customElements.define("cp-roll-tools", CpRollTools);
