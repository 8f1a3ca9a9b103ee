/**
 * `<cp-replay>`: the edits of a generation one after the other, by hand or by themselves.
 *
 * Properties: `events` in the model's order; `base`, the project they were made on; `step`, how many
 * are replayed. Method: `pause()`.
 * Events: `cp-step` {step} when another number of edits is to be shown; `cp-hear` {event} when an
 * edit comes by itself and is to be heard.
 */
import { html, LitElement, type PropertyDeclarations, type PropertyValues } from "lit";
import { plural, t } from "../lib/i18n.ts";
import { icon } from "../lib/icons.ts";
import type { EditEvent } from "../song/changes.ts";
import { eventInWords } from "../song/event-words.ts";
import { EMPTY_SONG, type Project } from "../song/model.ts";
import { isCalm } from "./calm.ts";
import { Replay, SPEEDS } from "./replay.ts";
import { replayStyles } from "./replay-styles.ts";
import { controls, shared } from "./styles.ts";

export class CpReplay extends LitElement {
  static override properties: PropertyDeclarations = {
    events: { attribute: false },
    base: { attribute: false },
    step: { attribute: false },
    isHeard: { state: true },
    said: { state: true },
  };

  static override styles = [shared, controls, replayStyles];

  declare events: readonly EditEvent[];
  declare base: Project | null;
  declare step: number;
  declare protected isHeard: boolean;
  declare protected said: string;
  readonly #replay: Replay;

  constructor() {
    super();
    this.events = [];
    this.base = null;
    this.step = 0;
    this.isHeard = true;
    this.said = "";
    this.#replay = new Replay({
      step: () => this.step,
      count: () => this.events.length,
      hear: (index) => this.#hear(index),
      show: (step) => this.#show(step),
      changed: () => this.#changed(),
      isCalm,
    });
  }

  /** Stay where the edits stand. */
  pause(): void {
    this.#replay.pause();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("events")) this.pause();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.pause();
  }

  protected override render() {
    const running = this.#replay.isRunning;
    return html`
      <div class="row">
        ${this.#stepButton("arrow-left", t("One edit back"), -1)}
        <button class="play" @click=${() => this.#replay.toggle()}>
          ${icon(running ? "pause" : "play")}${running ? t("Pause") : t("Replay")}
        </button>
        ${this.#stepButton("arrow-right", t("One edit on"), 1)}
        ${this.#speeds()}
        <label><input type="checkbox" .checked=${this.isHeard} @change=${this.#toggleSound} />${t("Hear each edit")}</label>
      </div>
      ${this.#slider()}
      <div class="visually-hidden" role="status">${this.said}</div>
    `;
  }

  #stepButton(shape: string, name: string, by: 1 | -1) {
    const to = this.step + by;
    const isOver = to < 0 || to > this.events.length;
    return html`<button
      class="icon"
      title=${name}
      aria-label=${name}
      aria-disabled=${isOver}
      @click=${() => this.#goTo(to)}
    >
      ${icon(shape)}
    </button>`;
  }

  #speeds() {
    const choose = (event: Event) => {
      this.#replay.speed = Number((event.target as HTMLSelectElement).value);
    };
    return html`<select aria-label=${t("Speed of the replay")} @change=${choose}>
      ${SPEEDS.map(
        (speed) => html`<option value=${speed} .selected=${speed === this.#replay.speed}>
          ${plural("{count} edit a second", "{count} edits a second", speed)}
        </option>`,
      )}
    </select>`;
  }

  #slider() {
    return html`<div class="slider">
      <label for="step">${t("Step")}</label>
      <input
        id="step"
        type="range"
        min="0"
        max=${this.events.length}
        .value=${String(this.step)}
        aria-valuetext="${this.#place}: ${this.#words}"
        @input=${(input: Event) => this.#slideTo((input.target as HTMLInputElement).valueAsNumber)}
      />
      <output for="step" aria-live="off"><b>${this.#place}</b> ${this.#words}</output>
    </div>`;
  }

  get #place(): string {
    return t("{step} of {count}", { step: this.step, count: this.events.length });
  }

  get #words(): string {
    const event = this.events[this.step - 1];
    if (!event) return t("Before the first edit");
    return eventInWords(this.base?.song ?? EMPTY_SONG, event);
  }

  /** By a button: the replay stops, the edit is heard and read aloud. */
  #goTo(step: number): void {
    if (step < 0 || step > this.events.length) return;
    this.pause();
    this.#hear(Math.max(step, this.step) - 1);
    this.#replay.moveTo(step);
    this.said = `${this.#place}: ${this.#words}`;
  }

  /** By the slider: a replay goes on from there. */
  #slideTo(step: number): void {
    this.#replay.moveTo(step);
  }

  #toggleSound(event: Event): void {
    this.isHeard = (event.target as HTMLInputElement).checked;
  }

  #hear(index: number): void {
    const event = this.events[index];
    if (event && this.isHeard) this.#tell("cp-hear", { event });
  }

  #show(step: number): void {
    this.step = step;
    this.#tell("cp-step", { step });
  }

  #changed(): void {
    this.requestUpdate();
    if (this.#replay.isRunning || !this.isConnected) return;
    const { length: count } = this.events;
    this.said =
      this.step === count
        ? plural("{count} edit replayed.", "{count} edits replayed.", count)
        : t("Paused at {place}: {edit}", { place: this.#place, edit: this.#words });
  }

  #tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

customElements.define("cp-replay", CpReplay);

declare global {
  interface HTMLElementTagNameMap {
    "cp-replay": CpReplay;
  }
}
