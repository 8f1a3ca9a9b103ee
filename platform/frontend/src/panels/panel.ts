/** What the Studio's panels have in common: light DOM, the session, and small pieces of a page. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { icon } from "../lib/icons.ts";
import { ApiProblem } from "../studio/api.ts";
import type { StudioSession } from "../studio/session.ts";

/** A panel is drawn in light DOM, with the site's own styles, and again after changes. */
export class Panel extends LitElement {
  static override properties = { session: { attribute: false } };

  declare session: StudioSession | null;
  /** Called when another piece was opened, and at the start; `isSame`: the site got to know it. */
  protected onPiece(_id: string | null, _isSame: boolean): void {}
  /** Called after every change of the music. */
  protected onMusic(): void {}

  #piece: string | null | undefined = undefined;
  /** Whether other music came with the id that is about to be told. */
  #replaced = true;
  #leave: (() => void)[] = [];

  constructor() {
    super();
    this.session = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.session) this.#join(this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#part();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("session") && this.session) this.#join(this.session);
  }

  /** Send an event that other parts of the Studio listen to. */
  protected tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #join(session: StudioSession): void {
    this.#part();
    this.#leave = [
      session.subscribe(() => this.#onSession(session)),
      session.document.subscribe(() => this.#onDocument(session)),
    ];
    this.#onSession(session);
  }

  #part(): void {
    for (const leave of this.#leave) leave();
    this.#leave = [];
  }

  #onSession(session: StudioSession): void {
    this.requestUpdate();
    if (session.piece.id === this.#piece) return;
    this.#piece = session.piece.id;
    this.onPiece(this.#piece, !this.#replaced);
    this.#replaced = false;
  }

  #onDocument(session: StudioSession): void {
    // The first save changes the id alone; to open a piece changes both, the id first.
    if (session.piece.id !== this.#piece) this.#replaced = true;
    this.onMusic();
  }
}

export type Drawn = TemplateResult | typeof nothing;

export { icon };

type Tone = "info" | "success" | "warning" | "danger";

export function notice(kind: Tone, title: string, text: unknown, more: unknown = nothing): Drawn {
  return html`<div class="notice ${kind === "info" ? "" : `notice--${kind}`}">
    ${icon(kind)}
    <div class="notice__body">
      ${title ? html`<p class="notice__title">${title}</p>` : nothing}
      ${text ? html`<p>${text}</p>` : nothing}${more}
    </div>
  </div>`;
}

export function badge(label: string, tone = "", symbol = ""): Drawn {
  return html`<span class="badge ${tone ? `badge--${tone}` : ""}"
    >${symbol ? icon(symbol) : nothing}${label}</span
  >`;
}

/** What is wrong with one field, where a screen reader finds it by `id`. */
export function faults(id: string, problems: readonly string[] | undefined): Drawn {
  if (!problems?.length) return nothing;
  return html`<ul class="errorlist" id=${id}>
    ${problems.map((problem) => html`<li>${problem}</li>`)}
  </ul>`;
}

/** Return a refusal's sentence; anything else that went wrong is a fault of the program's. */
export function sentenceOf(problem: unknown): string {
  if (problem instanceof ApiProblem) return problem.message;
  throw problem;
}

/** Open another piece, once what is open is kept: on the site if that can be, else in the browser.
 *
 * Rejects with `ApiProblem`.
 */
export async function moveTo(session: StudioSession, id: string): Promise<void> {
  await session.saver.flush();
  await session.saver.keepNow();
  await session.open(id);
}

/** Where to sign in and come back to this piece. */
export function signInAddress(piece: string | null): string {
  const here =
    piece === null ? location.pathname + location.search : `/studio/${piece}/edit/?panel=hand-in`;
  return `/accounts/login/?next=${encodeURIComponent(here)}`;
}

export function signInLink(piece: string | null, label: string): Drawn {
  return html`<a class="button button--primary" href=${signInAddress(piece)}>${icon("key")}${label}</a>`;
}
