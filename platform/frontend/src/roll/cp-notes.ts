/**
 * `<cp-notes>`: the notes as a table, the roll's twin for those who do not see it.
 *
 * Properties: `document`, `desk`. Cells can be edited; the checkboxes are the selection of the desk.
 */
import { html, nothing, type PropertyDeclarations } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../lib/i18n.ts";
import type { NewNote, Note, Song } from "../song/model.ts";
import * as commands from "./commands.ts";
import "./cp-add-note.ts";
import { DeskElement } from "./desk-element.ts";
import { icon } from "./icons.ts";
import { isLocked } from "./locks.ts";
import { FIELDS, type Field, read, shown } from "./note-fields.ts";
import { notesStyles } from "./notes-styles.ts";
import { type Row, rowsOf, type Window, windowOf } from "./rows.ts";
import { NONE, toggled, union } from "./sets.ts";
import { controls, shared, table } from "./styles.ts";
import { titleOf } from "./track-commands.ts";
import { noteCount, noteInWords } from "./words.ts";

interface Fault {
  readonly id: number;
  readonly field: Field;
  readonly message: string;
}

const HEADS: Readonly<Record<Field, () => string>> = {
  bar: () => t("Bar"),
  beat: () => t("Beat"),
  pitch: () => t("Pitch"),
  length: () => t("Length"),
  velocity: () => t("Velocity"),
};
/** The names of the commands. */
const CHANGES: Readonly<Record<Field, () => string>> = {
  bar: () => t("Change the bar of a note"),
  beat: () => t("Change the beat of a note"),
  pitch: () => t("Change the pitch of a note"),
  length: () => t("Change the length of a note"),
  velocity: () => t("Change the velocity of a note"),
};
const COLUMNS = 9;

export class CpNotes extends DeskElement {
  static override properties: PropertyDeclarations = {
    ...DeskElement.properties,
    track: { attribute: false },
    fault: { state: true },
    top: { state: true },
  };

  static override styles = [shared, controls, table, notesStyles];

  /** Id of the track whose notes are listed; null: all. */
  declare track: number | null;
  declare protected fault: Fault | null;
  declare protected top: number;
  #rows: { song: Song; track: number | null; rows: readonly Row[] } | null = null;
  #rowHeight = 44;
  #heard: readonly unknown[] = [];

  constructor() {
    super();
    this.track = null;
    this.fault = null;
    this.top = 0;
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
    const window = this.#window(rows.length);
    return html`
      ${this.#filter(rows)}
      <div class="scroll" role="region" aria-label=${t("Notes")} tabindex="0" @scroll=${this.#scrolled}>
        <table aria-rowcount=${rows.length + 1}>
          <caption>
            ${noteCount(rows.length)}. ${t("Lengths are in beats; 1/8 is understood too.")}
          </caption>
          ${this.#head()}
          <tbody>
            ${spacer("before")}
            ${repeat(
              rows.slice(window.first, window.end),
              (row) => row.note.id,
              (row, index) => this.#row(row, window.first + index),
            )}
            ${spacer("after")}
          </tbody>
        </table>
      </div>
      <cp-add-note .document=${this.document} .desk=${this.desk} .track=${this.track}></cp-add-note>
      <div class="visually-hidden" role="status"></div>
    `;
  }

  protected override updated(): void {
    const rows = this.#listed();
    const window = this.#window(rows.length);
    this.#rowHeight = this.#measured() ?? this.#rowHeight;
    this.#space("before", window.first);
    this.#space("after", rows.length - window.end);
  }

  #listed(): readonly Row[] {
    const { song } = this.document.committed;
    if (this.track !== null && !song.tracks.some((t) => t.id === this.track)) this.track = null;
    if (this.#rows?.song !== song || this.#rows.track !== this.track) {
      this.#rows = { song, track: this.track, rows: rowsOf(song, this.track) };
    }
    return this.#rows.rows;
  }

  /** The height of a row on average: over thousands, a third of a pixel is a page. */
  #measured(): number | null {
    const rows = [...this.renderRoot.querySelectorAll("tbody tr[data-note]")];
    const [first, last] = [rows.at(0), rows.at(-1)];
    if (!first || !last) return null;
    const height = last.getBoundingClientRect().bottom - first.getBoundingClientRect().top;
    return height > 0 ? height / rows.length : null;
  }

  #window(count: number): Window {
    const height = this.renderRoot.querySelector(".scroll")?.clientHeight || 600;
    return windowOf(count, this.top, height, this.#rowHeight);
  }

  #space(which: string, rows: number): void {
    const space = this.renderRoot.querySelector<HTMLElement>(`.${which}`);
    space?.style.setProperty("height", `${rows * this.#rowHeight}px`);
  }

  #scrolled(event: Event): void {
    this.top = (event.target as HTMLElement).scrollTop;
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

  #row({ track, note }: Row, index: number) {
    const { project } = this.document;
    const words = noteInWords(project.song, note, track);
    const locked = isLocked(project, note);
    const chosen = this.desk.state.selection.has(note.id);
    return html`<tr data-note=${note.id} aria-rowindex=${index + 2} ?data-chosen=${chosen}>
      <td>
        <input
          type="checkbox"
          aria-label=${t("Select {note}", { note: words })}
          .checked=${chosen}
          @change=${() => this.#select(note)}
        />
      </td>
      ${this.track === null ? html`<th scope="row">${titleOf(project.song, track)}</th>` : nothing}
      ${FIELDS.map((field) => this.#cell(note, field, locked, words))}
      ${this.#acts(note, locked, words)}
    </tr>`;
  }

  #cell(note: Note, field: Field, locked: boolean, words: string) {
    const fault = this.fault?.id === note.id && this.fault.field === field ? this.fault : null;
    return html`<td>
      <input
        class=${field}
        aria-label=${t("{field} of {note}", { field: HEADS[field](), note: words })}
        inputmode=${field === "pitch" || field === "length" ? "text" : "decimal"}
        autocomplete="off"
        spellcheck="false"
        ?readonly=${locked}
        aria-invalid=${fault ? "true" : nothing}
        aria-describedby=${fault ? "fault" : nothing}
        .value=${shown(this.document.committed.song, note, field)}
        @change=${(event: Event) => this.#edit(note, field, event)}
        @keydown=${(event: KeyboardEvent) => this.#reset(note, field, event)}
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
  #edit(note: Note, field: Field, event: Event): void {
    const input = event.target as HTMLInputElement;
    const to = read(this.song, note, field, input.value);
    const message = typeof to === "string" ? to : this.#change(note, field, to);
    this.fault = message ? { id: note.id, field, message } : null;
    if (!message) {
      const changed = this.#listed().find((row) => row.note.id === note.id)?.note ?? note;
      input.value = shown(this.song, changed, field);
    }
  }

  #change(note: Note, field: Field, to: Partial<NewNote>): string | null {
    const keys = Object.keys(to) as (keyof NewNote)[];
    if (keys.every((key) => note[key] === to[key])) return null;
    return commands.changeNote(this.document, note.id, CHANGES[field](), to);
  }

  #reset(note: Note, field: Field, event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    (event.target as HTMLInputElement).value = shown(this.song, note, field);
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

/** Holds the place of the rows that are not written. */
function spacer(which: string) {
  return html`<tr aria-hidden="true" class="spacer"><td class=${which} colspan=${COLUMNS}></td></tr>`;
}

customElements.define("cp-notes", CpNotes);
