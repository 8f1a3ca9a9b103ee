/**
 * `<cp-versions>`: how the piece came to be, what else was made of it, and its earlier states.
 *
 * Property: `session`. Method: `refresh()`; results that `cp-result` tells of come in by themselves.
 * Events: `cp-use` {generation} to fill its settings in, `cp-compare` {generation}.
 */
import { html, nothing, type PropertyValues } from "lit";
import { t } from "../lib/i18n.ts";
import { ask } from "../studio/api.ts";
import { songAt } from "./comparison.ts";
import { loadFamily, type PieceNode, type RunNode, treeOf } from "./lineage.ts";
import { badge, type Drawn, icon, moveTo, notice, Panel, sentenceOf } from "./panel.ts";
import type { GenerationRow, TechniqueRow, VersionRow } from "./rows.ts";
import { versionList } from "./versions-view.ts";
import { plain, settingsInWords, stateWord } from "./wording.ts";

export class VersionsPanel extends Panel {
  #tree: PieceNode | null = null;
  #versions: readonly VersionRow[] = [];
  #techniques: readonly TechniqueRow[] = [];
  #trouble = "";
  #said = "";
  #busy = false;
  /** The piece and version that are shown. */
  #shown = "";
  readonly #onResult = () => void this.refresh();

  override connectedCallback(): void {
    super.connectedCallback();
    this.ownerDocument.addEventListener("cp-result", this.#onResult);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.ownerDocument.removeEventListener("cp-result", this.#onResult);
  }

  /** Ask the site again. */
  async refresh(): Promise<void> {
    const id = this.session?.piece.id ?? null;
    this.#trouble = "";
    try {
      if (id === null) this.#forget();
      else await this.#load(id);
    } catch (problem) {
      this.#trouble = sentenceOf(problem);
    }
    this.requestUpdate();
  }

  protected override onPiece(): void {
    this.#forget();
    void this.refresh();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { id, version } = this.session?.piece ?? { id: null, version: null };
    const now = `${id} ${version}`;
    if (id !== null && this.#shown !== "" && now !== this.#shown) {
      this.#shown = now;
      void this.#loadVersions(id).then(
        () => this.requestUpdate(),
        () => undefined, // the list stays as it was; the next save asks again
      );
    }
  }

  #forget(): void {
    this.#tree = null;
    this.#versions = [];
    this.#shown = "";
  }

  async #load(id: string): Promise<void> {
    const [family] = await Promise.all([
      loadFamily(id, ask),
      this.#loadVersions(id),
      this.#loadTechniques(),
    ]);
    if (this.session?.piece.id !== id) return;
    this.#tree = treeOf(family);
    this.#shown = `${id} ${this.session.piece.version}`;
  }

  async #loadVersions(id: string): Promise<void> {
    const { data } = await ask<VersionRow[]>(`compositions/${id}/versions/`);
    if (this.session?.piece.id === id) this.#versions = data;
  }

  async #loadTechniques(): Promise<void> {
    if (this.#techniques.length > 0) return;
    this.#techniques = (await ask<TechniqueRow[]>("techniques/")).data;
  }

  async #do(action: () => Promise<void>): Promise<void> {
    this.#busy = true;
    this.#trouble = "";
    this.requestUpdate();
    try {
      await action();
    } catch (problem) {
      this.#trouble = sentenceOf(problem);
    } finally {
      this.#busy = false;
      this.requestUpdate();
    }
  }

  async #open(id: string): Promise<void> {
    if (!this.session) return;
    await moveTo(this.session, id);
    this.#said = t("{title} is open.", { title: this.session.piece.title });
  }

  /** Bring back a version's music as one command, which undo takes back. */
  async #restore(number: number): Promise<void> {
    const { session } = this;
    if (!session) return;
    const song = await songAt(`compositions/${session.piece.id}/versions/${number}/midi/`);
    const name = t("Go back to version {number}", { number });
    session.document.run(name, (project) => ({
      ...project,
      song,
      lockedNotes: new Set(),
      muted: new Set(),
      soloed: new Set(),
    }));
    this.#said = t("Version {number} is back. Undo takes you forward again.", { number });
  }

  protected override render(): Drawn {
    return html`<div class="panel">
      <p class="visually-hidden" role="status">${this.#said}</p>
      ${this.#trouble ? html`<div role="alert">${notice("warning", t("That did not work"), this.#trouble)}</div>` : nothing}
      ${this.#tree ? this.#drawTree(this.#tree) : this.#drawNothing()}
      ${this.#versions.length > 1 ? this.#drawVersions() : nothing}
    </div>`;
  }

  #drawVersions(): Drawn {
    const restore = (number: number) => void this.#do(() => this.#restore(number));
    return versionList(this.#versions, { busy: this.#busy, restore });
  }

  #drawNothing(): Drawn {
    if (this.#trouble) return nothing;
    return this.session?.piece.id
      ? html`<p class="muted">${t("Looking up where it comes from…")}</p>`
      : html`<p class="muted">
          ${t("As soon as the piece is saved, its versions and what the models made of it stand here.")}
        </p>`;
  }

  #drawTree(tree: PieceNode): Drawn {
    return html`<section class="stack stack--tight" aria-labelledby="versions-lineage">
      <h3 id="versions-lineage">${t("How it came to be")}</h3>
      <ul class="tree versions">
        <li>${this.#drawPiece(tree)}</li>
      </ul>
    </section>`;
  }

  #drawPiece(piece: PieceNode): Drawn {
    const name = piece.title ?? t("A deleted piece");
    return html`<div class="versions__piece" aria-current=${piece.isOpen ? "true" : nothing}>
        <strong>${name}</strong>
        ${
          piece.isOpen
            ? badge(t("You are here"), "blue", "note")
            : html`<button
                type="button"
                class="button button--small"
                ?disabled=${this.#busy || piece.title === null}
                @click=${() => this.#do(() => this.#open(piece.id))}
              >
                ${t("Open")}<span class="visually-hidden"> ${name}</span>
              </button>`
        }
      </div>
      ${piece.runs.length > 0 ? html`<ul>${piece.runs.map((run) => this.#drawRun(run))}</ul>` : nothing}`;
  }

  #drawRun({ row, result }: RunNode): Drawn {
    const { name, model } = plain(row.technique);
    return html`<li>
      <details class="versions__run">
        <summary>
          <span>${name}</span>
          <span class="small muted">${row.result ? changeOf(row) : stateWord(row.state)}</span>
        </summary>
        ${this.#drawSettings(row, model)}
        <div class="row">
          <button type="button" class="button button--small" @click=${() => this.tell("cp-use", { generation: row })}>
            ${icon("refresh")}${t("Use these settings again")}
          </button>
          ${
            row.result?.composition
              ? html`<button
                  type="button"
                  class="button button--small"
                  @click=${() => this.tell("cp-compare", { generation: row })}
                >
                  ${t("Compare")}
                </button>`
              : nothing
          }
        </div>
      </details>
      ${result ? this.#drawResult(row, result) : nothing}
    </li>`;
  }

  /** A result off the line to the open piece is known by what made it alone. */
  #drawResult(row: GenerationRow, result: PieceNode): Drawn {
    const title = result.title ?? t("Result of {name}", { name: plain(row.technique).name });
    return this.#drawPiece({ ...result, title });
  }

  #drawSettings(row: GenerationRow, model: string): Drawn {
    const technique = this.#techniques.find((one) => one.technique === row.technique);
    const settings = settingsInWords(technique?.parameters ?? [], row.parameters);
    const played = `${model}, ${row.model_title || row.model}`;
    const lines = [[t("Model"), played], ...settings, [t("Seed"), `${row.seed}`]];
    return html`<dl class="facts facts--tight">
      ${lines.map(([label, value]) => html`<div><dt>${label}</dt><dd class="num">${value}</dd></div>`)}
    </dl>`;
  }
}

function changeOf(row: GenerationRow): string {
  return row.result ? `+${row.result.added} −${row.result.removed}` : "";
}

customElements.define("cp-versions", VersionsPanel);

declare global {
  interface HTMLElementTagNameMap {
    "cp-versions": VersionsPanel;
  }
}
