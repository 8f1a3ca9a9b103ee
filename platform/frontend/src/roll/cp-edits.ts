/**
 * `<cp-edits>`: the edits of a generation, to be replayed step by step and kept one by one.
 *
 * Properties: `events` in the model's order; `base`, the project they were made on; `apply`, the
 * function that applies events to a project; `accepted`, indices of the events to keep (all at
 * first); `step`, how many events are replayed (all at first).
 *
 * Events: `cp-step` {step, events, overlay, project} while the slider moves, `cp-choose` and
 * `cp-accept` {accepted, events, overlay, project} when the choice changes and when it is taken.
 * `project` is null without `apply`. An `apply` that throws makes the element say that the edits do
 * not fit.
 */
import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues } from "lit";
import { plural, t } from "../lib/i18n.ts";
import { EMPTY_SONG, type Project, type Song } from "../song/model.ts";
import {
  accepting,
  type EditEvent,
  eventInWords,
  overlayOf,
  rejecting,
  surest,
} from "./edit-list.ts";
import { editsStyles } from "./edits-styles.ts";
import { type Ids, NONE } from "./sets.ts";
import { controls, shared, table } from "./styles.ts";
import { titleOf } from "./track-commands.ts";

export type Apply = (base: Project, events: readonly EditEvent[]) => Project;

const SIGNS = { add: "+", remove: "−", move: "→" } as const;
const misfit = (): string =>
  t(
    "These edits no longer fit the piece: it was changed after they were made. Undo that, or generate again.",
  );

export class CpEdits extends LitElement {
  static override properties: PropertyDeclarations = {
    events: { attribute: false },
    base: { attribute: false },
    apply: { attribute: false },
    accepted: { attribute: false },
    step: { attribute: false },
    said: { state: true },
    misfit: { state: true },
  };

  static override styles = [shared, controls, table, editsStyles];

  declare events: readonly EditEvent[];
  declare base: Project | null;
  declare apply: Apply | null;
  declare accepted: Ids;
  declare step: number;
  declare protected said: string;
  declare protected misfit: boolean;

  constructor() {
    super();
    this.events = [];
    this.base = null;
    this.apply = null;
    this.said = "";
    this.misfit = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("events")) return;
    if (!changed.has("accepted")) this.accepted = new Set(this.events.keys());
    if (!changed.has("step")) this.step = this.events.length;
    this.misfit = false;
    this.said = "";
  }

  protected override render() {
    if (this.events.length === 0)
      return html`<p class="muted">${t("There are no edits to look at.")}</p>`;
    return html`
      ${this.#replay()} ${this.#choices()}
      <p role="status" class=${this.misfit ? "error" : "said"}>${this.said}</p>
      <div class="scroll" role="region" aria-label=${t("Edits")} tabindex="0">
        <table>
          <caption>
            ${t("In the model’s order. Log-odds: how much likelier the model finds the music after the edit.")}
          </caption>
          <thead>
            <tr>
              <th scope="col">${t("Keep")}</th>
              <th scope="col" class="num">${t("Step")}</th>
              <th scope="col">${t("Edit")}</th>
              <th scope="col">${t("Track")}</th>
              <th scope="col" class="num">${t("Log-odds")}</th>
            </tr>
          </thead>
          <tbody>
            ${this.events.map((event, index) => this.#row(event, index))}
          </tbody>
        </table>
      </div>
    `;
  }

  get #song(): Song {
    return this.base?.song ?? EMPTY_SONG;
  }

  #replay() {
    const count = this.events.length;
    const event = this.events[this.step - 1];
    const words = event ? eventInWords(this.#song, event) : t("Before the first edit");
    const place = t("{step} of {count}", { step: this.step, count });
    return html`<div class="replay">
      <label for="step">${t("Step")}</label>
      <input
        id="step"
        type="range"
        min="0"
        max=${count}
        .value=${String(this.step)}
        aria-valuetext="${place}: ${words}"
        @input=${(input: Event) => this.#stepTo((input.target as HTMLInputElement).valueAsNumber)}
      />
      <output for="step" aria-live="off"><b>${place}</b> ${words}</output>
    </div>`;
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
    const track = this.#song.tracks[event.track];
    return html`<tr
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
      <td class="num">${event.log_odds.toFixed(1)}</td>
    </tr>`;
  }

  #stepTo(step: number): void {
    this.step = step;
    const events = this.events.slice(0, step);
    this.#tell("cp-step", events, { step });
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
    this.#tell("cp-choose", this.#kept(), { accepted: this.#indices() });
  }

  #accept(): void {
    this.#tell("cp-accept", this.#kept(), { accepted: this.#indices() });
  }

  #indices(): number[] {
    return [...this.accepted].sort((a, b) => a - b);
  }

  #kept(): EditEvent[] {
    return this.events.filter((_, index) => this.accepted.has(index));
  }

  #tell(name: string, events: readonly EditEvent[], about: object): void {
    const project = this.#applied(events);
    if (this.misfit) return;
    const detail = { ...about, events, overlay: overlayOf(events), project };
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #applied(events: readonly EditEvent[]): Project | null {
    this.misfit = false;
    if (!this.apply || !this.base) return null;
    try {
      return this.apply(this.base, events);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.misfit = true;
      this.said = misfit();
      return null;
    }
  }
}

customElements.define("cp-edits", CpEdits);
