/**
 * `<cp-edits>`: the edits of a generation, to be replayed step by step and kept one by one.
 *
 * Properties: `events` in the model's order; `base`, the project they were made on, for the words;
 * `accepted`, places of the edits to keep, from 0 (all at first); `step`, how many are replayed (all
 * at first). Method: `pause()` ends a replay.
 *
 * Events: `cp-step` {step} and `cp-hear` {event} as of `<cp-replay>`; `cp-choose` {accepted} and
 * `cp-accept` {accepted} when the choice changes and when it is taken.
 */
import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { decimal, plural, t } from "../lib/i18n.ts";
import { type EditEvent, editedTrack } from "../song/changes.ts";
import { eventInWords } from "../song/event-words.ts";
import { EMPTY_SONG, type Project, type Song } from "../song/model.ts";
import "./cp-replay.ts";
import { accepting, rejecting, surest } from "./edit-list.ts";
import { editsStyles } from "./edits-styles.ts";
import { LongTable } from "./long-table.ts";
import { type Ids, NONE } from "./sets.ts";
import { controls, shared, table } from "./styles.ts";
import { titleOf } from "./track-commands.ts";

const SIGNS = { add: "+", remove: "−", move: "→" } as const;
const COLUMNS = 5;

export class CpEdits extends LitElement {
  static override properties: PropertyDeclarations = {
    events: { attribute: false },
    base: { attribute: false },
    accepted: { attribute: false },
    step: { attribute: false },
    said: { state: true },
  };

  static override styles = [shared, controls, table, editsStyles];

  declare events: readonly EditEvent[];
  declare base: Project | null;
  declare accepted: Ids;
  declare step: number;
  declare protected said: string;
  readonly #table = new LongTable(this);

  constructor() {
    super();
    this.events = [];
    this.base = null;
    this.said = "";
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("events")) return;
    if (!changed.has("accepted")) this.accepted = new Set(this.events.keys());
    if (!changed.has("step")) this.step = this.events.length;
    this.said = "";
  }

  /** End a replay. */
  pause(): void {
    this.renderRoot.querySelector("cp-replay")?.pause();
  }

  protected override render() {
    if (this.events.length === 0)
      return html`<p class="muted">${t("There are no edits to look at.")}</p>`;
    return html`
      <cp-replay .events=${this.events} .base=${this.base} .step=${this.step} @cp-step=${this.#onStep}></cp-replay>
      ${this.#choices()}
      <p role="status" class="said">${this.said}</p>
      <div class="scroll" role="region" aria-label=${t("Edits")} tabindex="0" @scroll=${this.#table.scrolled}>
        <table aria-rowcount=${this.events.length + 1}>
          <caption>
            ${t("In the model’s order. Log-odds: how much likelier the model finds the music after the edit.")}
          </caption>
          ${this.#head()}
          <tbody>
            ${this.#rows()}
          </tbody>
        </table>
      </div>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("step") && changed.get("step") !== undefined) {
      this.#table.reveal(Math.max(this.step - 1, 0));
    }
  }

  get #song(): Song {
    return this.base?.song ?? EMPTY_SONG;
  }

  #head() {
    return html`<thead>
      <tr aria-rowindex="1">
        <th scope="col">${t("Keep")}</th>
        <th scope="col" class="num">${t("Step")}</th>
        <th scope="col">${t("Edit")}</th>
        <th scope="col">${t("Track")}</th>
        <th scope="col" class="num">${t("Log-odds")}</th>
      </tr>
    </thead>`;
  }

  #rows() {
    const { first, end } = this.#table.windowOf(this.events.length);
    return html`
      ${this.#table.spacer("before", COLUMNS)}
      ${repeat(
        this.events.slice(first, end),
        (_, index) => first + index,
        (event, index) => this.#row(event, first + index),
      )}
      ${this.#table.spacer("after", COLUMNS)}
    `;
  }

  #choices() {
    const count = this.events.length;
    return html`<div class="choices">
      <button @click=${() => this.#choose(new Set(this.events.keys()))}>${t("Keep all")}</button>
      <button @click=${() => this.#choose(NONE)}>${t("Keep none")}</button>
      <form @submit=${this.#surest}>
        <button>${t("Only the surest")}</button>
        <input
          type="number"
          aria-label=${t("How many of the surest edits")}
          required
          min="1"
          max=${count}
          value=${Math.min(5, count)}
        />
      </form>
      <button class="primary" @click=${this.#accept}>
        ${plural("Keep {kept} of {count} edit", "Keep {kept} of {count} edits", count, { kept: this.accepted.size })}
      </button>
    </div>`;
  }

  #row(event: EditEvent, index: number) {
    const words = eventInWords(this.#song, event);
    const track = editedTrack(this.#song, event);
    return html`<tr
      data-row
      aria-rowindex=${index + 2}
      ?data-later=${index >= this.step}
      ?data-now=${index === this.step - 1}
      ?data-out=${!this.accepted.has(index)}
    >
      <td>
        <input
          type="checkbox"
          aria-label=${t("Keep: {edit}", { edit: words })}
          .checked=${this.accepted.has(index)}
          @change=${() => this.#toggle(index)}
        />
      </td>
      <td class="num">${index + 1}</td>
      <th scope="row">
        <span class="sign ${event.kind}" aria-hidden="true">${SIGNS[event.kind]}</span>
        <span class="words">${words}</span>
      </th>
      <td>${track ? titleOf(this.#song, track) : nothing}</td>
      <td class="num">${decimal(event.log_odds, 1)}</td>
    </tr>`;
  }

  /** The event goes on to whoever shows the music. */
  #onStep(event: CustomEvent<{ step: number }>): void {
    this.step = event.detail.step;
  }

  #toggle(index: number): void {
    const change = this.accepted.has(index) ? rejecting : accepting;
    const before = this.accepted.size;
    this.#choose(change(this.events, this.accepted, index));
    const others = Math.abs(this.accepted.size - before) - 1;
    if (others > 0) {
      this.said = plural(
        "{count} other edit went along: one needs the other.",
        "{count} other edits went along: one needs the other.",
        others,
      );
    }
  }

  #surest(event: SubmitEvent): void {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).querySelector("input");
    if (input) this.#choose(surest(this.events, input.valueAsNumber));
  }

  #choose(accepted: Ids): void {
    this.accepted = accepted;
    this.said = t("{kept} of {count} kept.", { kept: accepted.size, count: this.events.length });
    this.#tell("cp-choose");
  }

  #accept(): void {
    this.#tell("cp-accept");
  }

  #tell(name: string): void {
    const detail = { accepted: [...this.accepted].sort((a, b) => a - b) };
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

customElements.define("cp-edits", CpEdits);

declare global {
  interface HTMLElementTagNameMap {
    "cp-edits": CpEdits;
  }
}
