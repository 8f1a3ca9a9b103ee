/** What the page tells the Studio: a block of JSON, since the page has no inline script. */

export interface StudioConfig {
  /** The piece to open; null for a new one. */
  readonly composition: string | null;
  /** The slug of the round that the piece is meant for, where the page was reached from one. */
  readonly round: string | null;
  readonly signedIn: boolean;
  /** Addresses of a piece's pages, with ID in place of its id. */
  readonly urls: { readonly editor: string; readonly fresh: string };
}

export function readConfig(): StudioConfig {
  const text = document.getElementById("studio-config")?.textContent ?? "";
  return JSON.parse(text) as StudioConfig;
}

export function withId(pattern: string, id: string): string {
  return pattern.replace("00000000-0000-0000-0000-000000000000", id);
}
