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
  hairline: ["--hairline", "GrayText"],
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
