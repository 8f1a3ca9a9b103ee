/** What others may do with a piece, and what its sources leave of that. */
import { msg } from "../lib/i18n.ts";

export interface Attribution {
  readonly title: string;
  readonly author: string;
  readonly licence: string;
}

export const LICENCES: readonly (readonly [name: string, words: string])[] = [
  ["cc-by-4.0", msg("CC BY 4.0: share and adapt with credit")],
  ["cc-by-sa-4.0", msg("CC BY-SA 4.0: the same, under the same licence")],
  ["cc0-1.0", msg("CC0: no conditions")],
  ["all-rights-reserved", msg("All rights reserved: listen here only")],
];

/** The licences under which a piece made from these may be handed in, the first one preferred. */
export function allowedLicences(sources: readonly Attribution[]): typeof LICENCES {
  const theirs = new Set(sources.map((source) => source.licence));
  if (theirs.has("cc-by-sa-4.0")) return LICENCES.filter(([name]) => name === "cc-by-sa-4.0");
  return theirs.has("cc-by-4.0") ? LICENCES.filter(([name]) => name !== "cc0-1.0") : LICENCES;
}
