/** The Studio's keys, said in one dialog. */
import { html, type TemplateResult } from "lit";
import { t } from "../lib/i18n.ts";
import "../recorder/cp-calibration.ts";
import type { SoundEngine } from "../audio/engine.ts";
import { LightElement } from "../lib/light.ts";
import { PLAYING_KEYS, SHORTCUTS, type Shortcut } from "./shortcuts.ts";

export class StudioHelp extends LightElement {
  static override properties = { engine: { attribute: false } };
  declare engine: SoundEngine;

  async open(): Promise<void> {
    await this.updateComplete;
    (this.querySelector("dialog") as HTMLDialogElement).showModal();
  }

  protected override render(): TemplateResult {
    return html`<dialog class="dialog" aria-labelledby="help-title">
      <form method="dialog" class="stack">
        <h2 id="help-title">${t("Keys")}</h2>
        <p class="muted">${t("Single keys work while “Play with these keys” is on, or while the part they belong to has the focus.")}</p>
        <dl>${SHORTCUTS.map((shortcut) => html`<dt>${nameOf(shortcut)}</dt><dd>${t(shortcut.says)}</dd>`)}</dl>
        <h3>${t("Playing")}</h3>
        <dl>${PLAYING_KEYS.map(({ codes, says }) => html`<dt>${codes.map(keyName).join(" ")}</dt><dd>${t(says)}</dd>`)}</dl>
        <h3>${t("Recording in time")}</h3>
        <p class="muted">${t("Wireless headphones are late. Tap along once, and recordings lie where you played them.")}</p>
        <cp-calibration .engine=${this.engine}></cp-calibration>
        <div class="form__actions"><button class="button">${t("Close")}</button></div>
      </form>
    </dialog>`;
  }
}

function nameOf({ code, isWithControl, isWithShift }: Shortcut): string {
  const before = [isWithControl && t("Ctrl"), isWithShift && t("Shift")].filter(Boolean);
  return [...before, keyName(code)].join(" + ");
}

function keyName(code: string): string {
  const plain: Record<string, string> = {
    Slash: "/",
    ShiftLeft: t("Shift"),
    Escape: "Esc",
    Space: t("Space"),
  };
  return plain[code] ?? code.replace(/^Key/, "");
}

customElements.define("cp-help", StudioHelp);
