/** Rhythm assist: notes moved to a grid, heard and seen before it is done. */
import { html, type TemplateResult } from "lit";
import { plural, t } from "../lib/i18n.ts";
import { LightElement } from "../lib/light.ts";
import type { StudioDocument } from "../song/document.ts";
import { type NoteIds, withSong } from "../song/edits.ts";
import { type Project, TICKS_PER_BEAT } from "../song/model.ts";
import { type QuantizeOptions, quantizeNotes } from "../song/quantize.ts";
import { allNotes } from "../song/selection.ts";

const GRIDS: readonly (readonly [string, number])[] = [
  ["1/4", TICKS_PER_BEAT],
  ["1/8", TICKS_PER_BEAT / 2],
  ["1/8 triplet", TICKS_PER_BEAT / 3],
  ["1/16", TICKS_PER_BEAT / 4],
  ["1/16 triplet", TICKS_PER_BEAT / 6],
  ["1/32", TICKS_PER_BEAT / 8],
];

export class QuantizeDialog extends LightElement {
  static override properties = { document: { attribute: false }, selection: { attribute: false } };
  declare document: StudioDocument;
  /** The notes to work on; all of them where none is selected. */
  declare selection: NoteIds;
  #how: QuantizeOptions = { grid: TICKS_PER_BEAT / 4, strength: 1, swing: 0, ends: false };

  constructor() {
    super();
    this.selection = new Set();
  }

  /** Open the dialog and show what it would do. */
  async open(): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    this.#dialog.showModal();
    this.#preview();
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector("dialog") as HTMLDialogElement;
  }

  get #chosen(): NoteIds {
    return this.selection.size > 0 ? this.selection : allNotes(this.document.committed.song);
  }

  protected override render(): TemplateResult {
    const n = this.#chosen.size;
    return html`<dialog class="dialog" aria-labelledby="quantize-title" @close=${this.#closed}>
      <form method="dialog" class="form" @input=${this.#changed}>
        <h2 id="quantize-title">${t("Rhythm assist")}</h2>
        <p class="muted">${plural("Moves {count} note towards the grid. You see and hear it before you apply it.", "Moves {count} notes towards the grid. You see and hear it before you apply it.", n)}</p>
        <div class="field"><label for="quantize-grid">${t("Grid")}</label>
          <select id="quantize-grid" name="grid">${GRIDS.map(([name, ticks]) => html`<option value=${ticks} ?selected=${ticks === this.#how.grid}>${t(name)}</option>`)}</select></div>
        <div class="field"><label for="quantize-strength">${t("Strength, in percent")}</label>
          <input id="quantize-strength" name="strength" type="number" inputmode="numeric" min="0" max="100" step="5" .value=${String(Math.round(this.#how.strength * 100))}></div>
        <div class="field"><label for="quantize-swing">${t("Swing, in percent")}</label>
          <input id="quantize-swing" name="swing" type="number" inputmode="numeric" min="0" max="100" step="5" .value=${String(Math.round(this.#how.swing * 100))}></div>
        <div class="field field--check"><input id="quantize-ends" name="ends" type="checkbox" ?checked=${this.#how.ends}><label for="quantize-ends">${t("Lengths too")}</label></div>
        <div class="form__actions">
          <button class="button button--primary" value="apply">${t("Apply")}</button>
          <button class="button button--quiet" value="cancel" formnovalidate>${t("Cancel")}</button>
        </div>
      </form>
    </dialog>`;
  }

  #changed(event: Event): void {
    const data = new FormData((event.currentTarget as HTMLFormElement) ?? undefined);
    const share = (name: string) => Math.min(Math.max(Number(data.get(name)) / 100, 0), 1) || 0;
    this.#how = {
      grid: Number(data.get("grid")),
      strength: share("strength"),
      swing: share("swing"),
      ends: data.has("ends"),
    };
    this.#preview();
  }

  #change(ids: NoteIds): (project: Project) => Project {
    return (project) => withSong(project, quantizeNotes(project.song, ids, this.#how));
  }

  #preview(): void {
    this.document.preview(this.#change(this.#chosen));
  }

  #closed(): void {
    const ids = this.#chosen;
    this.document.preview(null);
    if (this.#dialog.returnValue !== "apply") return;
    this.document.run(
      plural("Quantize {count} note", "Quantize {count} notes", ids.size),
      this.#change(ids),
    );
  }
}

customElements.define("cp-quantize", QuantizeDialog);
