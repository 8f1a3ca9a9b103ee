/** The Studio's own icons, 24 units, drawn in the stroke of the text around. */
import { html, svg, type TemplateResult } from "lit";

const PATHS = {
  draw: "m4.5 19.5.8-4L15.8 5a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L8.5 18.7zM14 6.8l3.2 3.2",
  select: "M6 4.5 18 12l-5.2 1.2L16 19l-2.2 1.2-3.1-5.8L6.5 18z",
  erase:
    "M10.5 19.5H19M4.5 14.5l9-9a1.5 1.5 0 0 1 2.1 0l3.4 3.4a1.5 1.5 0 0 1 0 2.1l-8.5 8.5H8.3L4.5 16.6a1.5 1.5 0 0 1 0-2.1zM9 10l5.5 5.5",
  undo: "M8 5 4.5 8.5 8 12M4.5 8.5H14a5 5 0 0 1 0 10H9",
  redo: "m16 5 3.5 3.5L16 12m3.5-3.5H10a5 5 0 0 0 0 10h5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  wider: "M4.5 6v12M19.5 6v12M8 12h8m-6-2.5L7.5 12l2.5 2.5m4-5 2.5 2.5-2.5 2.5",
  narrower: "M12 6v12M4 12h5m-2.5-2.5L9 12l-2.5 2.5M20 12h-5m2.5-2.5L15 12l2.5 2.5",
  taller: "M6 4.5h12M6 19.5h12M12 8v8m-2.5-6L12 7.5l2.5 2.5m-5 4 2.5 2.5 2.5-2.5",
  shorter: "M6 12h12M12 4v5m-2.5-2.5L12 9l2.5-2.5M12 20v-5m-2.5 2.5L12 15l2.5 2.5",
  lock: "M7 10.5h10a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 18v-6A1.5 1.5 0 0 1 7 10.5zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5",
  unlock:
    "M7 10.5h10a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 18v-6A1.5 1.5 0 0 1 7 10.5zM8.5 10.5V7.5a3.5 3.5 0 0 1 6.8-1.2",
  trash: "M5 7h14M9.5 7V4.5h5V7m2.8 0-.8 12.5h-9L6.7 7M10.3 10.5V16m3.4-5.5V16",
  copy: "M10.5 9H18a1.5 1.5 0 0 1 1.5 1.5V18a1.5 1.5 0 0 1-1.5 1.5h-7.5A1.5 1.5 0 0 1 9 18v-7.5A1.5 1.5 0 0 1 10.5 9zM15 9V6a1.5 1.5 0 0 0-1.5-1.5H6A1.5 1.5 0 0 0 4.5 6v7.5A1.5 1.5 0 0 0 6 15h3",
  up: "M12 19V5.5m-5 5 5-5 5 5",
  down: "M12 5v13.5m-5-5 5 5 5-5",
  check: "m5 12.5 4.5 4.5L19 7.5",
  cross: "m6.5 6.5 11 11m0-11-11 11",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon beside text, or within a button that has a name of its own. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    ${svg`<path d=${PATHS[name]}></path>`}
  </svg>`;
}
