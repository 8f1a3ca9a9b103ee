/** Fetching music, and what a comparison needs of it. */
import { t } from "../lib/i18n.ts";
import { parseEvents } from "../song/changes.ts";
import { MidiProblem, readMidi } from "../song/midi.ts";
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

/** Return the music of a MIDI file of the site's.
 *
 * Rejects with `ApiProblem`.
 */
export async function songAt(path: string): Promise<Song> {
  const { data } = await fetchBytes(path);
  try {
    return readMidi(data);
  } catch (problem) {
    if (problem instanceof MidiProblem) throw new ApiProblem(200, problem.code, problem.message);
    throw problem;
  }
}
