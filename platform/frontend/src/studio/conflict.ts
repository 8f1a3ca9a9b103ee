/** Says what stands between a piece and the site, and what can be done. */
import { html, nothing, type TemplateResult } from "lit";
import { language, t } from "../lib/i18n.ts";
import { icon } from "../lib/icons.ts";
import { LightElement } from "../lib/light.ts";
import type { StudioSession } from "./session.ts";

export class StudioConflict extends LightElement {
  static override properties = { session: { attribute: false }, problem: { state: true } };
  declare session: StudioSession;
  declare problem: string;
  #leave: (() => void) | null = null;

  constructor() {
    super();
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = this.session.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { state, detail } = this.session.saver;
    if (state === "refused") {
      return html`<div role="alert" class="notice notice--danger">${icon("danger")}<div class="notice__body"><p class="notice__title">${t("Your piece is kept on this device, but not on the site")}</p><p>${detail}</p></div></div>`;
    }
    return state === "conflict" ? this.#conflict() : nothing;
  }

  #conflict(): TemplateResult {
    const { conflict } = this.session.saver;
    const when = conflict?.savedAt
      ? t("The other one was saved at {time}, after this one was opened.", {
          time: conflict.savedAt.toLocaleString(language(), {
            dateStyle: "medium",
            timeStyle: "short",
          }),
        })
      : t("The other one was saved after this one was opened.");
    return html`<div role="alert" class="notice notice--warning">
      ${icon("warning")}
      <div class="notice__body">
        <p class="notice__title">${t("This piece was changed in another tab or on another device")}</p>
        <p>${when} ${t("Yours is kept on this device until you choose.")}</p>
        ${this.problem ? html`<p>${this.problem}</p>` : nothing}
        <p class="row">
          <button type="button" class="button button--small button--primary" @click=${() => this.session.keepBoth()}>${t("Keep both")}</button>
          <button type="button" class="button button--small" @click=${() => this.#settle(true)}>${t("Save mine over it")}</button>
          <button type="button" class="button button--small" @click=${() => this.#settle(false)}>${t("Take the other one")}</button>
        </p>
      </div>
    </div>`;
  }

  async #settle(mine: boolean): Promise<void> {
    this.problem = "";
    try {
      await this.session.settle(mine);
    } catch (problem) {
      this.problem = problem instanceof Error ? problem.message : String(problem);
    }
  }
}

customElements.define("cp-conflict", StudioConflict);
