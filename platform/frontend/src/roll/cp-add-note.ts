/**
 * `<cp-add-note>`: a note by five fields. Part of `<cp-notes>`.
 *
 * Properties: `document`, `desk`, `track` (id of the track to add to; null: the active one).
 */
import { css, html, nothing, type PropertyDeclarations } from "lit";
import { t } from "../lib/i18n.ts";
import { icon } from "../lib/icons.ts";
import { type NewNote, type Song, type Track, trackOf } from "../song/model.ts";
import { noteInWords } from "../song/words.ts";
import * as commands from "./commands.ts";
import { DeskElement } from "./desk-element.ts";
import { FIELDS, type Field, read } from "./note-fields.ts";
import { controls, shared } from "./styles.ts";
import { titleOf } from "./track-commands.ts";

const LABELS: Readonly<Record<Field, () => string>> = {
  bar: () => t("Bar"),
  beat: () => t("Beat"),
  pitch: () => t("Pitch"),
  length: () => t("Length in beats"),
  velocity: () => t("Velocity"),
};
const FIRST: Readonly<Record<Field, string>> = {
  bar: "1",
  beat: "1",
  pitch: "C4",
  length: "1",
  velocity: "90",
};

export class CpAddNote extends DeskElement {
  static override properties: PropertyDeclarations = {
    ...DeskElement.properties,
    track: { attribute: false },
    faults: { state: true },
  };

  static override styles = [
    shared,
    controls,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        gap: var(--s2) var(--s3);
        align-items: end;
        margin-top: var(--s3);
      }

      .field {
        display: grid;
        gap: var(--s1);
      }

      .field input {
        width: 6.5rem;
      }

      .error {
        max-width: 14rem;
        margin: 0;
      }

      [role="status"] {
        min-height: 1.5em;
        margin: var(--s1) 0 0;
        color: var(--muted);
        font-size: var(--text-s);
      }
    `,
  ];

  declare track: number | null;
  declare protected faults: Partial<Record<Field, string>>;

  constructor() {
    super();
    this.track = null;
    this.faults = {};
  }

  protected override render() {
    const target = this.#target;
    return html`<form novalidate aria-label=${t("Add a note")} @submit=${this.#submit}>
        ${FIELDS.map((field) => this.#field(field))}
        <button ?disabled=${!target}>
          ${icon("plus")}${target ? t("Add a note to {track}", { track: titleOf(this.song, target) }) : t("Add a note")}
        </button>
      </form>
      <p role="status">${target ? nothing : t("Add a track first; notes stand in tracks.")}</p>`;
  }

  #field(field: Field) {
    const fault = this.faults[field];
    return html`<div class="field">
      <label for=${field}>${LABELS[field]()}</label>
      <input
        id=${field}
        name=${field}
        value=${FIRST[field]}
        autocomplete="off"
        aria-invalid=${fault ? "true" : nothing}
        aria-describedby=${fault ? `${field}-fault` : nothing}
      />
      ${fault ? html`<p class="error" id="${field}-fault">${fault}</p>` : nothing}
    </div>`;
  }

  get #target() {
    return this.track === null ? this.activeTrack : (trackOf(this.song, this.track) ?? null);
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const target = this.#target;
    if (!target) return;
    const { note, faults } = noteOf(
      this.song,
      target,
      new FormData(event.target as HTMLFormElement),
    );
    this.faults = faults;
    const said = note ? this.#add(target.id, note) : t("The note was not added.");
    await this.updateComplete;
    const status = this.renderRoot.querySelector("[role=status]");
    if (status) status.textContent = said;
    this.renderRoot.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }

  #add(trackId: number, note: NewNote): string {
    const said = commands.draw(this.document, trackId, note);
    return said === commands.locked()
      ? said
      : t("Added: {note}.", { note: noteInWords(this.song, this.#target, note) });
  }
}

/** Read the fields in their order: the beat counts within the bar that was read before it. */
export function noteOf(
  song: Song,
  track: Track,
  written: FormData,
): { note: NewNote | null; faults: Partial<Record<Field, string>> } {
  let note: NewNote = { start: 0, duration: 1, pitch: 60, velocity: 90 };
  const faults: Partial<Record<Field, string>> = {};
  for (const field of FIELDS) {
    const found = read(song, track, note, field, String(written.get(field) ?? ""));
    if (typeof found === "string") faults[field] = found;
    else note = { ...note, ...found };
  }
  return { note: Object.keys(faults).length === 0 ? note : null, faults };
}

customElements.define("cp-add-note", CpAddNote);
