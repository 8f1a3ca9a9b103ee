/** Signs on the Studio's buttons: 24 units, 1.5 stroke, as the site's icons. */
import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";

const SHAPES = {
  start: svg`<path d="M6 5v14M18 5.5v13L9 12z" />`,
  play: svg`<path d="M8 5.5v13l10-6.5z" />`,
  pause: svg`<path d="M8.5 5.5v13M15.5 5.5v13" />`,
  stop: svg`<rect x="6.5" y="6.5" width="11" height="11" rx="1" />`,
  record: svg`<circle class="full" cx="12" cy="12" r="5.5" />`,
  retake: svg`<circle class="full" cx="12" cy="13" r="3" /><path d="M5 5v4h4M5.6 9A7.5 7.5 0 1 1 4.5 13" />`,
  loop: svg`<path d="M7 7h9a4 4 0 0 1 4 4v1M17 17H8a4 4 0 0 1-4-4v-1M9.5 4 6.5 7l3 3M14.5 14l3 3-3 3" />`,
  metronome: svg`<path d="M9 4h6l3 16H6zM7 15h10M12 15l5-9" />`,
  keys: svg`<rect x="3.5" y="5.5" width="17" height="13" rx="1" /><path d="M9 12.5v6M15 12.5v6M7.5 5.5v7h3v-7M13.5 5.5v7h3v-7" />`,
  plug: svg`<path d="M9 4v5M15 4v5M7 9h10v3a5 5 0 0 1-10 0zM12 17v4" />`,
  minus: svg`<path d="M6 12h12" />`,
  plus: svg`<path d="M6 12h12M12 6v12" />`,
} satisfies Record<string, SVGTemplateResult>;

export type Glyph = keyof typeof SHAPES;

export function glyph(name: Glyph): TemplateResult {
  return html`<svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">${SHAPES[name]}</svg>`;
}
