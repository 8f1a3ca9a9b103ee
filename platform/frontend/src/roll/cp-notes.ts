/**
 * `<cp-notes>`: the notes as a table, the roll's twin for those who do not see it.
 *
 * Properties: `document`, `desk`. Cells can be edited; the checkboxes are the selection of the desk.
 */
import { html, nothing, type PropertyDeclarations } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../lib/i18n.ts";
import { DRUM_NAMES } from "../song/instruments.ts";
import type { NewNote, Note, Song } from "../song/model.ts";
import * as commands from "./commands.ts";
import "./cp-add-note.ts";
import { icon } from "../lib/icons.ts";
import { noteCount, noteInWords } from "../song/words.ts";
import { DeskElement } from "./desk-element.ts";
import { isLocked } from "./locks.ts";
import { LongTable } from "./long-table.ts";
import { CHANGES, FIELDS, type Field, HEADS, read, shown } from "./note-fields.ts";
import { notesStyles } from "./notes-styles.ts";
import { type Row, rowsOf } from "./rows.ts";
import { NONE, toggled, union } from "./sets.ts";
import { controls, shared, table } from "./styles.ts";
import { titleOf } from "./track-commands.ts";

interface Fault {
  readonly id: number;
  readonly field: Field;
  readonly message: string;
}

const COLUMNS = 9;

export class CpNotes extends DeskElement {
  static override properties: PropertyDeclarations = {
    ...DeskElement.properties,
    track: { attribute: false },
    fault: { state: true },
  };

  static override styles = [shared, controls, table, notesStyles];

  /** Id of the track whose notes are listed; null: all. */
  declare track: number | null;
  declare protected fault: Fault | null;
  #rows: { song: Song; track: number | null; rows: readonly Row[] } | null = null;
  readonly #table = new LongTable(this);
  #heard: readonly unknown[] = [];

  constructor() {
    super();
    this.track = null;
    this.fault = null;
  }

  /** A preview is the roll's affair: a table that is written anew for each step of a drag delays it. */
  protected override heard(): void {
    const { selection, activeTrack } = this.desk.state;
    const state = [this.document.committed, selection, activeTrack];
    if (state.every((part, index) => part === this.#heard[index])) return;
    this.#heard = state;
    this.requestUpdate();
  }

  protected override render() {
    const rows = this.#listed();
    const { first, end } = this.#table.windowOf(rows.length);
    return html`
      ${this.#filter(rows)}
      <div class="scroll" role="region" aria-label=${t("Notes")} tabindex="0" @scroll=${this.#table.scrolled}>
        <table aria-rowcount=${rows.length + 1}>
          <caption>
            ${noteCount(rows.length)}. ${t("Lengths are in beats; 1/8 is understood too.")}
          </caption>
          ${this.#head()}
          <tbody>
            ${this.#table.spacer("before", COLUMNS)}
            ${repeat(
              rows.slice(first, end),
              (row) => row.note.id,
              (row, index) => this.#row(row, first + index),
            )}
            ${this.#table.spacer("after", COLUMNS)}
          </tbody>
        </table>
      </div>
      ${drumList()}
      <cp-add-note .document=${this.document} .desk=${this.desk} .track=${this.track}></cp-add-note>
      <div class="visually-hidden" role="status"></div>
    `;
  }

  #listed(): readonly Row[] {
    const { song } = this.document.committed;
    if (this.track !== null && !song.tracks.some((t) => t.id === this.track)) this.track = null;
    if (this.#rows?.song !== song || this.#rows.track !== this.track) {
      this.#rows = { song, track: this.track, rows: rowsOf(song, this.track) };
    }
    return this.#rows.rows;
  }

  #filter(rows: readonly Row[]) {
    const { tracks } = this.document.committed.song;
    const { selection } = this.desk.state;
    const all = rows.length > 0 && rows.every((row) => selection.has(row.note.id));
    return html`<div class="filter">
      <label
        >${t("Notes of")}
        <select @change=${(event: Event) => this.#choose(event)}>
          <option value="" .selected=${this.track === null}>${t("all tracks")}</option>
          ${tracks.map(
            (track) =>
              html`<option value=${track.id} .selected=${this.track === track.id}>
                ${titleOf(this.document.committed.song, track)}
              </option>`,
          )}
        </select>
      </label>
      <button ?disabled=${rows.length === 0} @click=${() => this.#chooseAll(rows, !all)}>
        ${all ? t("Select none") : t("Select all listed")}
      </button>
    </div>`;
  }

  #head() {
    return html`<thead>
      <tr aria-rowindex="1">
        <th scope="col"><span class="visually-hidden">${t("Selected")}</span></th>
        ${this.track === null ? html`<th scope="col">${t("Track")}</th>` : nothing}
        ${FIELDS.map((field) => html`<th scope="col" class="field">${HEADS[field]()}</th>`)}
        <th scope="col">${t("Lock")}</th>
        <th scope="col">${t("Delete")}</th>
      </tr>
    </thead>`;
  }

  #row(row: Row, index: number) {
    const { track, note } = row;
    const { project } = this.document;
    const words = noteInWords(project.song, track, note);
    const locked = isLocked(project, note);
    const chosen = this.desk.state.selection.has(note.id);
    return html`<tr data-row data-note=${note.id} aria-rowindex=${index + 2} ?data-chosen=${chosen}>
      <td>
        <input
          type="checkbox"
          aria-label=${t("Select {note}", { note: words })}
          .checked=${chosen}
          @change=${() => this.#select(note)}
        />
      </td>
      ${this.track === null ? html`<th scope="row">${titleOf(project.song, track)}</th>` : nothing}
      ${FIELDS.map((field) => this.#cell(row, field, locked, words))}
      ${this.#acts(note, locked, words)}
    </tr>`;
  }

  #cell(row: Row, field: Field, locked: boolean, words: string) {
    const { track, note } = row;
    const fault = this.fault?.id === note.id && this.fault.field === field ? this.fault : null;
    return html`<td>
      <input
        class="${field} ${track.isDrum ? "drum" : ""}"
        aria-label=${t("{field} of {note}", { field: HEADS[field](), note: words })}
        inputmode=${field === "pitch" || field === "length" ? "text" : "decimal"}
        autocomplete="off"
        spellcheck="false"
        ?readonly=${locked}
        aria-invalid=${fault ? "true" : nothing}
        aria-describedby=${fault ? "fault" : nothing}
        list=${field === "pitch" && track.isDrum ? "drums" : nothing}
        .value=${shown(this.song, track, note, field)}
        @change=${(event: Event) => this.#edit(row, field, event)}
        @keydown=${(event: KeyboardEvent) => this.#reset(row, field, event)}
      />
      ${fault ? html`<p class="error" id="fault" role="alert">${fault.message}</p>` : nothing}
    </td>`;
  }

  #acts(note: Note, locked: boolean, words: string) {
    const { lockedNotes } = this.document.committed;
    const self = lockedNotes.has(note.id);
    return html`<td>
        <button
          class="icon quiet"
          aria-pressed=${self}
          aria-label=${t("Lock {note}", { note: words })}
          title=${locked && !self ? t("Its bar is locked") : t("Lock")}
          @click=${() => this.#say(commands.toggleLock(this.document, new Set([note.id])))}
        >
          ${icon(locked ? "lock" : "unlock")}
        </button>
      </td>
      <td>
        <button
          class="icon quiet delete"
          aria-label=${t("Delete {note}", { note: words })}
          title=${t("Delete")}
          ?disabled=${locked}
          @click=${() => this.#remove(note)}
        >
          ${icon("trash")}
        </button>
      </td>`;
  }

  #choose(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.track = value === "" ? null : Number(value);
    if (this.track !== null) this.desk.set({ activeTrack: this.track });
  }

  #chooseAll(rows: readonly Row[], chosen: boolean): void {
    const ids = rows.map((row) => row.note.id);
    this.desk.set({ selection: chosen ? union(this.desk.state.selection, ids) : NONE });
  }

  #select(note: Note): void {
    this.desk.set({ selection: toggled(this.desk.state.selection, note.id) });
  }

  /** Take over what was written, or say what is wrong with it and leave it standing. */
  #edit({ track, note }: Row, field: Field, event: Event): void {
    const input = event.target as HTMLInputElement;
    const to = read(this.song, track, note, field, input.value);
    const message = typeof to === "string" ? to : this.#change(note, field, to);
    this.fault = message ? { id: note.id, field, message } : null;
    if (!message) {
      const changed = this.#listed().find((row) => row.note.id === note.id)?.note ?? note;
      input.value = shown(this.song, track, changed, field);
    }
  }

  #change(note: Note, field: Field, to: Partial<NewNote>): string | null {
    const keys = Object.keys(to) as (keyof NewNote)[];
    if (keys.every((key) => note[key] === to[key])) return null;
    return commands.changeNote(this.document, note.id, CHANGES[field](), to);
  }

  #reset({ track, note }: Row, field: Field, event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    (event.target as HTMLInputElement).value = shown(this.song, track, note, field);
    this.fault = null;
  }

  /** The focus goes to the row that takes the place of the one removed. */
  async #remove(note: Note): Promise<void> {
    const at = this.#listed().findIndex((row) => row.note.id === note.id);
    this.#say(commands.remove(this.document, new Set([note.id])));
    await this.updateComplete;
    const rows = this.#listed();
    const next = rows[Math.min(at, rows.length - 1)];
    const place = next ? `[data-note="${next.note.id}"] .delete` : ".scroll";
    this.renderRoot.querySelector<HTMLElement>(place)?.focus();
  }

  #say(text: string): void {
    const status = this.renderRoot.querySelector("[role=status]");
    if (status) status.textContent = text;
  }
}

/** What a drum's pitch can be chosen from. */
function drumList() {
  return html`<datalist id="drums">${DRUM_NAMES.map((name) => html`<option value=${name}></option>`)}</datalist>`;
}

customElements.define("cp-notes", CpNotes);
