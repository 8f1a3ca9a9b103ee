/** The site's icons in templates of custom elements. */
import { html, svg, type TemplateResult } from "lit";

const SPRITE = new URL("../icons.svg", import.meta.url).href;

/** An icon beside words; it says nothing itself. */
export function icon(name: string): TemplateResult {
  return html`<svg class="icon" aria-hidden="true">${svg`<use href="${SPRITE}#${name}"></use>`}</svg>`;
}
