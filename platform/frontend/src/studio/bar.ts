/** The Studio's top bar: title, state of saving, undo and redo, files, handing in. */
import { html, nothing, type TemplateResult } from "lit";
import { t } from "../lib/i18n.ts";
import { icon } from "../lib/icons.ts";
import { LightElement } from "../lib/light.ts";
import type { SaveState } from "./saver.ts";
import type { StudioSession } from "./session.ts";

const SAID: Record<SaveState, () => string> = {
  clean: () => "",
  local: () => t("Kept on this device"),
  saving: () => t("Saving…"),
  saved: () => t("Saved"),
  offline: () => t("Offline: kept on this device"),
  conflict: () => t("Changed elsewhere"),
  refused: () => t("Not saved"),
};

export type ExportKind = "midi" | "wav" | "mp3";

/** Says `cp-export` (ExportKind), `cp-import` (File), `cp-open` ("start" | "hand-in" | "help"). */
export class StudioBar extends LightElement {
  static override properties = { session: { attribute: false }, exporting: {} };
  declare session: StudioSession;
  /** What is being made of the piece, with its share; empty while nothing is. */
  declare exporting: string;
  #leave: (() => void)[] = [];

  constructor() {
    super();
    this.exporting = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const again = () => this.requestUpdate();
    this.#leave = [this.session.subscribe(again), this.session.document.subscribe(again)];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const leave of this.#leave) leave();
  }

  protected override render(): TemplateResult {
    return html`
      <div class="studio-bar">
        <div class="studio-bar__piece">
          <label class="visually-hidden" for="studio-title">${t("Title")}</label>
          <input id="studio-title" class="studio-bar__title" maxlength="80" autocomplete="off" .value=${this.session.piece.title} @change=${this.#rename}>
          <span class="studio-bar__state" data-state=${this.session.saver.state} role="status">${SAID[this.session.saver.state]()}</span>
        </div>
        <div class="row">
          ${this.#steps()}
          ${this.#files()}
          <button type="button" class="button button--quiet button--small" @click=${() => this.say("cp-open", "help")}>${icon("info")}<span class="studio-bar__word">${t("Keys")}</span></button>
          <button type="button" class="button button--primary button--small" ?disabled=${this.session.isEmpty} @click=${() => this.say("cp-open", "hand-in")}>${icon("upload")}${t("Hand in")}</button>
        </div>
      </div>
    `;
  }

  #steps(): TemplateResult {
    const { undoName, redoName } = this.session.document;
    return html`
      <button type="button" class="button button--quiet button--small button--icon" ?disabled=${!undoName} title=${undoName ? t("Undo: {name}", { name: undoName }) : t("Undo")} @click=${() => this.session.document.undo()}>${icon("undo")}<span class="visually-hidden">${undoName ? t("Undo: {name}", { name: undoName }) : t("Undo")}</span></button>
      <button type="button" class="button button--quiet button--small button--icon" ?disabled=${!redoName} title=${redoName ? t("Redo: {name}", { name: redoName }) : t("Redo")} @click=${() => this.session.document.redo()}>${icon("redo")}<span class="visually-hidden">${redoName ? t("Redo: {name}", { name: redoName }) : t("Redo")}</span></button>
    `;
  }

  #files(): TemplateResult {
    return html`
      <details class="menu" @focusout=${this.#closeMenu} @keydown=${this.#escape}>
        <summary class="button button--quiet button--small">${icon("file")}${t("File")}</summary>
        <div class="menu__panel">
          <button type="button" class="menu__item" @click=${() => this.say("cp-open", "start")}>${icon("plus")}${t("New piece")}</button>
          <label class="menu__item">${icon("upload")}${t("Open a MIDI file")}<input class="visually-hidden" type="file" accept=".mid,.midi,audio/midi" @change=${this.#import}></label>
          <button type="button" class="menu__item" ?disabled=${this.session.isEmpty} @click=${() => this.say<ExportKind>("cp-export", "midi")}>${icon("download")}${t("Download MIDI")}</button>
          <button type="button" class="menu__item" ?disabled=${this.session.isEmpty} @click=${() => this.say<ExportKind>("cp-export", "wav")}>${icon("download")}${t("Download WAV")}</button>
          <button type="button" class="menu__item" ?disabled=${this.session.isEmpty} @click=${() => this.say<ExportKind>("cp-export", "mp3")}>${icon("download")}${t("Download MP3")}</button>
        </div>
      </details>
      ${this.exporting ? html`<span class="small muted" role="status">${this.exporting}</span>` : nothing}
    `;
  }

  #rename(event: Event): void {
    const input = event.currentTarget as HTMLInputElement;
    const title = input.value.trim();
    input.value = title || this.session.piece.title;
    if (title && title !== this.session.piece.title) this.say("cp-rename", title);
  }

  #import(event: Event): void {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (file) this.say("cp-import", file);
  }

  #closeMenu(event: FocusEvent): void {
    const menu = event.currentTarget as HTMLDetailsElement;
    if (!(event.relatedTarget instanceof Node && menu.contains(event.relatedTarget)))
      menu.open = false;
  }

  #escape(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    const menu = event.currentTarget as HTMLDetailsElement;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
}

customElements.define("cp-bar", StudioBar);
