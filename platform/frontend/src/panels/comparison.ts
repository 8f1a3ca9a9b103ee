/** Fetching what a comparison needs. */
import { t } from "../lib/i18n.ts";
import { parseEvents } from "../song/changes.ts";
import { readMidi } from "../song/midi.ts";
import type { Song } from "../song/model.ts";
import { ApiProblem, ask, fetchBytes } from "../studio/api.ts";
import type { Comparison } from "./review.ts";
import type { GenerationRow } from "./rows.ts";

/** Return a finished generation's input, result and edits.
 *
 * Rejects with `ApiProblem`.
 */
export async function loadComparison(row: GenerationRow): Promise<Comparison> {
  const [input, result, events] = await Promise.all([
    inputOf(row),
    songAt(`generations/${row.id}/midi/`),
    row.result?.events ? ask<unknown>(`generations/${row.id}/events/`) : null,
  ]);
  const parsed = events ? parseEvents(events.data) : [];
  if (parsed === null) {
    throw new ApiProblem(200, "damaged", t("The list of edits cannot be read. Reload the page."));
  }
  return { row, input, result, events: parsed };
}

async function inputOf(row: GenerationRow): Promise<Song | null> {
  try {
    return await songAt(`compositions/${row.input}/versions/${row.input_version}/midi/`);
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status === 404) return null;
    throw problem;
  }
}

async function songAt(path: string): Promise<Song> {
  return readMidi((await fetchBytes(path)).data);
}
