/** The parts of a comparison that only show: the two sides, and what the marks mean. */
import { html } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../lib/i18n.ts";
import type { Drawn } from "./panel.ts";
import type { Side } from "./review.ts";

/** Which of the two is heard. */
export function sides(heard: Side, listen: (side: Side) => void): Drawn {
  const chip = (value: Side, words: string) => html`<label class="chip chip--large"
    ><input
      type="radio"
      name="compare-side"
      value=${value}
      .checked=${live(heard === value)}
      @change=${() => listen(value)}
    />${words}</label
  >`;
  return html`<fieldset class="field">
    <legend>${t("Listen to")}</legend>
    <div class="chips">${chip("input", t("A: your piece"))} ${chip("result", t("B: the result"))}</div>
  </fieldset>`;
}

export function legend(): Drawn {
  return html`<ul class="legend legend--plain">
    <li>
      <span class="legend__swatch legend__swatch--added" aria-hidden="true">+</span>${t("added")}
    </li>
    <li>
      <span class="legend__swatch legend__swatch--removed" aria-hidden="true">−</span>${t("removed")}
    </li>
  </ul>`;
}
