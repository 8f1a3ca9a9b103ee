/**
 * `<cp-selection>`: the selection by numbers, so that nothing needs a drag.
 *
 * Part of `<cp-roll-tools>`; properties `document` and `desk`.
 */
import { html, type PropertyDeclarations } from "lit";
import { plural, t } from "../lib/i18n.ts";
import { icon } from "../lib/icons.ts";
import { notesWith } from "../song/edits.ts";
import { TICKS_PER_BEAT } from "../song/model.ts";
import { beatTicks, signatureAt } from "../song/time.ts";
import * as commands from "./commands.ts";
import { DeskElement } from "./desk-element.ts";
import { barNumber, startOfBar } from "./grid.ts";
import { selectionStyles } from "./selection-styles.ts";
import { NONE } from "./sets.ts";
import { controls, shared } from "./styles.ts";

interface Field {
  readonly label: string;
  readonly button: string;
  readonly value: number;
  readonly step: string;
  readonly least: number;
  readonly most: number;
  act(value: number): string;
}

export class CpSelection extends DeskElement {
  static override properties: PropertyDeclarations = {
    ...DeskElement.properties,
    isOpen: { state: true },
  };

  static override styles = [shared, controls, selectionStyles];

  declare protected isOpen: boolean;

  constructor() {
    super();
    this.isOpen = false;
  }

  #toggleNumbers(): void {
    this.isOpen = !this.isOpen;
  }

  protected override render() {
    const count = notesWith(this.song, this.desk.state.selection).length;
    return html`
      <div class="head">
      <div class="row acts">
        <span class="count">${count ? plural("{count} note selected", "{count} notes selected", count) : t("Nothing selected")}</span>
        <button class="quiet" @click=${this.#all}>${t("Select track")}</button>
        <button class="quiet" @click=${this.#everything}>${t("Select all")}</button>
        <button class="quiet" ?disabled=${count === 0} @click=${this.#none}>${t("Select none")}</button>
        <button class="quiet" ?disabled=${count === 0} @click=${this.#lock}>${icon("lock")}${t("Lock or unlock")}</button>
        <button class="quiet" ?disabled=${count === 0} @click=${this.#lockBars}>${t("Lock bars")}</button>
        <button class="quiet" ?disabled=${count === 0} @click=${this.#duplicate}>${icon("copy")}${t("Duplicate")}</button>
        <button class="quiet" ?disabled=${count < 2} @click=${this.#join}>${t("Join")}</button>
        <button class="quiet" ?disabled=${count === 0} @click=${this.#remove}>${icon("trash")}${t("Delete")}</button>
      </div>
      <button class="quiet more" aria-expanded=${this.isOpen} aria-controls="numbers" title=${t("Move, transpose, split and loop by numbers")} @click=${this.#toggleNumbers}>
        ${t("By numbers")}${icon("chevron-down")}
      </button>
      </div>
      <div class="rows" id="numbers" ?hidden=${!this.isOpen}>
        <div class="row">${this.#fields().map((field) => this.#field(field, count === 0))}</div>
        ${this.#split(count === 0)} ${this.#loop()}
      </div>
      <div class="visually-hidden" role="status"></div>
    `;
  }

  #fields(): readonly Field[] {
    const ids = this.desk.state.selection;
    const beats = (value: number): number => Math.round(value * TICKS_PER_BEAT);
    const { document } = this;
    return [
      {
        label: t("Semitones up"),
        button: t("Transpose"),
        value: 12,
        step: "1",
        least: -127,
        most: 127,
        act: (value) => commands.move(document, ids, 0, Math.round(value)),
      },
      {
        label: t("Beats later"),
        button: t("Move"),
        value: 1,
        step: "any",
        least: -4000,
        most: 4000,
        act: (value) => commands.move(document, ids, beats(value), 0),
      },
      {
        label: t("Beats long"),
        button: t("Set length"),
        value: 1,
        step: "any",
        least: 0.003,
        most: 4000,
        act: (value) => commands.setLength(document, ids, Math.max(beats(value), 1)),
      },
      {
        label: t("Velocity"),
        button: t("Set velocity"),
        value: 90,
        step: "1",
        least: 1,
        most: 127,
        act: (value) => commands.setVelocityOf(document, ids, value),
      },
    ];
  }

  #field(field: Field, disabled: boolean) {
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      const input = (event.target as HTMLFormElement).querySelector("input");
      if (input) this.#say(field.act(input.valueAsNumber));
    };
    return html`<form @submit=${submit}>
      <label
        >${field.label}
        <input
          type="number"
          required
          value=${field.value}
          step=${field.step}
          min=${field.least}
          max=${field.most}
        />
      </label>
      <button ?disabled=${disabled}>${field.button}</button>
    </form>`;
  }

  #split(disabled: boolean) {
    return html`<form class="row" @submit=${this.#splitAt}>
      <label>${t("Split at bar")} <input type="number" name="bar" required min="1" max="9999" value="1" /></label>
      <label>${t("beat")} <input type="number" name="beat" required min="1" step="any" value="2" /></label>
      <button ?disabled=${disabled}>${t("Split")}</button>
    </form>`;
  }

  #splitAt(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const start = startOfBar(this.song, Number(data.get("bar")));
    const beat = beatTicks(signatureAt(this.song, start));
    const tick = start + Math.round((Number(data.get("beat")) - 1) * beat);
    this.#say(commands.split(this.document, this.desk.state.selection, tick));
  }

  #loop() {
    const { loop } = this.desk.state;
    const bar = (tick: number): number => barNumber(this.song, tick);
    const from = loop ? bar(loop.from) : 1;
    const until = loop ? bar(Math.max(loop.until - 1, loop.from)) : 4;
    return html`<form class="row" @submit=${this.#setLoop}>
      <label>${t("Loop from bar")} <input type="number" name="from" required min="1" max="9999" .value=${String(from)} /></label>
      <label>${t("to bar")} <input type="number" name="until" required min="1" max="9999" .value=${String(until)} /></label>
      <button>${t("Set loop")}</button>
      <button type="button" class="quiet" ?disabled=${!loop} @click=${this.#endLoop}>${t("No loop")}</button>
      <button type="button" class="quiet" ?disabled=${!loop} @click=${this.#trim}>${t("Trim to loop")}</button>
    </form>`;
  }

  #setLoop(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const [first, last] = [Number(data.get("from")), Number(data.get("until"))];
    if (last < first) {
      this.#say(t("The loop must end after it begins."));
      return;
    }
    const loop = { from: startOfBar(this.song, first), until: startOfBar(this.song, last + 1) };
    this.desk.set({ loop });
    this.tell("cp-loop", loop);
    this.#say(t("Loop from bar {first} to bar {last}.", { first, last }));
  }

  #endLoop(): void {
    this.desk.set({ loop: null });
    this.tell("cp-loop", { from: null, until: null });
  }

  /** Keep the music of the loop alone; it begins the piece then. */
  #trim(): void {
    const { loop } = this.desk.state;
    if (!loop) return;
    const said = commands.trimTo(this.document, loop.from, loop.until);
    if (said !== commands.locked())
      this.desk.set({ loop: { from: 0, until: loop.until - loop.from } });
    this.#say(said);
  }

  #all(): void {
    this.desk.set({ selection: new Set(this.activeTrack?.notes.map((note) => note.id)) });
  }

  #everything(): void {
    const notes = this.desk.shownIn(this.song).flatMap((track) => track.notes);
    this.desk.set({ selection: new Set(notes.map((note) => note.id)) });
  }

  #none(): void {
    this.desk.set({ selection: NONE });
  }

  #lock(): void {
    this.#say(commands.toggleLock(this.document, this.desk.state.selection));
  }

  #lockBars(): void {
    const span = commands.spanOf(this.song, this.desk.state.selection);
    if (span) this.#say(commands.toggleBarLock(this.document, span.from, span.until));
  }

  #duplicate(): void {
    this.#say(commands.duplicate(this.document, this.desk, this.desk.state.snap));
  }

  #join(): void {
    this.#say(commands.join(this.document, this.desk.state.selection));
  }

  #remove(): void {
    this.#say(commands.remove(this.document, this.desk.state.selection));
  }

  #say(text: string): void {
    const status = this.renderRoot.querySelector("[role=status]");
    if (status) status.textContent = text;
  }
}

customElements.define("cp-selection", CpSelection);
