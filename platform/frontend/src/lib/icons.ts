/** The site's icons in templates of custom elements. */
import { html, svg, type TemplateResult } from "lit";

let sprite: string | null = null;

/** Where the sprite lies: every page shows some icon of it. */
function spriteAddress(): string {
  sprite ??= document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "";
  return sprite;
}

/** An icon beside words; it says nothing itself. */
export function icon(name: string): TemplateResult {
  const use = svg`<use href="${spriteAddress()}#${name}"></use>`;
  return html`<svg class="icon" aria-hidden="true">${use}</svg>`;
}
