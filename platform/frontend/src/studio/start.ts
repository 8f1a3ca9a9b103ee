/** How a piece begins: play, pick a melody, bring a file, go on with a draft, or start empty. */
import { html, nothing, type TemplateResult } from "lit";
import { plural, t } from "../lib/i18n.ts";
import { icon } from "../lib/icons.ts";
import { LightElement } from "../lib/light.ts";
import { SAMPLES, type Sample } from "../samples/melodies.ts";
import type { Draft } from "./drafts.ts";

/** Says `cp-start` with one of these. */
export type Beginning =
  | { readonly kind: "play" }
  | { readonly kind: "empty" }
  | { readonly kind: "sample"; readonly sample: Sample }
  | { readonly kind: "file"; readonly file: File }
  | { readonly kind: "draft"; readonly draft: Draft };

export class StudioStart extends LightElement {
  static override properties = { drafts: { attribute: false }, problem: {} };
  declare drafts: readonly Draft[];
  declare problem: string;

  constructor() {
    super();
    this.drafts = [];
    this.problem = "";
  }

  protected override render(): TemplateResult {
    return html`
      <header class="page-header">
        <div class="page-header__text">
          <h1>${t("How shall it begin?")}</h1>
          <p class="page-header__lead">${t("A melody of a few bars is enough. The models can do the rest, and nothing is shown to anybody before you hand it in.")}</p>
        </div>
      </header>
      ${this.problem ? html`<div role="alert" class="notice notice--danger">${icon("danger")}<div class="notice__body"><p>${this.problem}</p></div></div>` : nothing}
      ${this.drafts.length > 0 ? this.#unfinished() : nothing}
      <div class="start">
        ${this.#play()} ${this.#file()} ${this.#empty()}
        <section class="start__samples" aria-labelledby="start-samples">
          <h2 id="start-samples">${t("Pick a melody")}</h2>
          <ul>${SAMPLES.map((sample) => this.#sample(sample))}</ul>
        </section>
      </div>
    `;
  }

  #play(): TemplateResult {
    return html`<button type="button" class="start__card" @click=${() => this.#begin({ kind: "play" })}>
      ${icon("note")}<strong>${t("Play it")}</strong>
      <span>${t("With the mouse, by touch, on the computer’s keys, or on a MIDI keyboard.")}</span>
    </button>`;
  }

  #file(): TemplateResult {
    return html`<label class="start__card" @dragover=${(e: DragEvent) => e.preventDefault()} @drop=${this.#dropped}>
      ${icon("upload")}<strong>${t("Bring a MIDI file")}</strong>
      <span>${t("Choose one, or drop it here. Up to 1 MB, as many tracks as you like.")}</span>
      <input class="visually-hidden" type="file" accept=".mid,.midi,audio/midi" @change=${this.#chosen}>
    </label>`;
  }

  #empty(): TemplateResult {
    return html`<button type="button" class="start__card" @click=${() => this.#begin({ kind: "empty" })}>
      ${icon("plus")}<strong>${t("Start empty")}</strong>
      <span>${t("Draw the notes yourself, by mouse or by keys.")}</span>
    </button>`;
  }

  #sample(sample: Sample): TemplateResult {
    return html`<li><button type="button" class="start__sample" @click=${() => this.#begin({ kind: "sample", sample })}>
      <strong>${sample.title}</strong><span class="muted">${t(sample.origin)}</span>
    </button></li>`;
  }

  #unfinished(): TemplateResult {
    const found = this.drafts.slice(0, 3);
    return html`<section class="notice" aria-label=${t("Unfinished")}>
      ${icon("info")}
      <div class="notice__body">
        <p class="notice__title">${plural("A piece of yours is kept on this device.", "{count} pieces of yours are kept on this device.", this.drafts.length)}</p>
        <p class="row">${found.map(
          (draft) =>
            html`<button type="button" class="button button--small" @click=${() => this.#begin({ kind: "draft", draft })}>${t("Go on with “{title}”", { title: draft.title })}</button>`,
        )}</p>
      </div>
    </section>`;
  }

  #chosen(event: Event): void {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (file) this.#begin({ kind: "file", file });
  }

  #dropped(event: DragEvent): void {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) this.#begin({ kind: "file", file });
  }

  #begin(beginning: Beginning): void {
    this.say("cp-start", beginning);
  }
}

customElements.define("cp-start", StudioStart);
