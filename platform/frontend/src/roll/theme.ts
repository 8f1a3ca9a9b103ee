/** The site's colors for canvases, which do not know CSS. Read once per change of appearance. */

export interface Theme {
  readonly paper: string;
  readonly sheet: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly hairline: string;
  readonly added: string;
  readonly removed: string;
  readonly onPencil: string;
  readonly gold: string;
  readonly wash: string;
  /** In the order of the tracks; more tracks begin anew. */
  readonly tracks: readonly string[];
  readonly sans: string;
  readonly serif: string;
  /** The system chooses the colors: shapes alone must tell things apart. */
  readonly forced: boolean;
}

export const TRACK_COLORS = 8;

/** Color names of the theme, with what takes their place if the system chooses the colors. */
const COLORS = {
  paper: ["--paper", "Canvas"],
  sheet: ["--sheet", "Canvas"],
  ink: ["--ink", "CanvasText"],
  muted: ["--muted", "CanvasText"],
  line: ["--line", "CanvasText"],
  hairline: ["--hairline", "CanvasText"],
  added: ["--blue", "Highlight"],
  removed: ["--red", "CanvasText"],
  onPencil: ["--on-pencil", "HighlightText"],
  gold: ["--gold", "CanvasText"],
  wash: ["--blue-wash", "Canvas"],
} as const;

/** Read the theme where `probe` stands: an element that shows nothing. */
export function readTheme(probe: HTMLElement): Theme {
  const forced = matchMedia("(forced-colors: active)").matches;
  const style = getComputedStyle(probe);
  const color = (name: string, system: string): string => {
    probe.style.color = forced ? system : `var(${name})`;
    return style.color;
  };
  const names = Object.entries(COLORS);
  const colors = Object.fromEntries(names.map(([key, [a, b]]) => [key, color(a, b)]));
  const tracks = Array.from({ length: TRACK_COLORS }, (_, index) =>
    color(`--track-${index + 1}`, "CanvasText"),
  );
  return {
    ...(colors as Record<keyof typeof COLORS, string>),
    tracks,
    sans: style.getPropertyValue("--sans") || "sans-serif",
    serif: style.getPropertyValue("--serif") || "serif",
    forced,
  };
}

/** Call `changed` when the appearance may have changed; the answer ends that. */
export function watchTheme(changed: () => void): () => void {
  const queries = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) =>
    matchMedia(query),
  );
  for (const query of queries) query.addEventListener("change", changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme", "class"] });
  return () => {
    for (const query of queries) query.removeEventListener("change", changed);
    observer.disconnect();
  };
}

export function trackColor(theme: Theme, index: number): string {
  return theme.tracks[index % theme.tracks.length] ?? theme.ink;
}

/**
 * Ink or paper, whichever reads better on `color` laid over the sheet with an opacity.
 *
 * Colors are as `getComputedStyle` writes them: rgb(…). Others count as dark.
 */
export function textOn(theme: Theme, color: string, opacity: number): string {
  const [over, under] = [channels(color), channels(theme.sheet)];
  const ground = over.map((value, index) => value * opacity + (under[index] ?? 0) * (1 - opacity));
  const contrast = (text: string): number =>
    contrastOf(luminance(channels(text)), luminance(ground));
  return contrast(theme.ink) >= contrast(theme.onPencil) ? theme.ink : theme.onPencil;
}

function channels(color: string): number[] {
  return (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}

/** Relative luminance as WCAG defines it. */
function luminance(rgb: readonly number[]): number {
  const linear = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = linear;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrastOf(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
