/** Files in and out: opening a MIDI file, downloading the piece. */
import { t } from "../lib/i18n.ts";
import { MidiProblem, readMidi, writeMidi } from "../song/midi.ts";
import type { Project, Song } from "../song/model.ts";
import { projectOf } from "../song/model.ts";

export const MAX_FILE_BYTES = 1024 * 1024;

export interface Opened {
  readonly project: Project;
  readonly title: string;
}

/** Read a MIDI file that somebody chose or dropped.
 *
 * Rejects with a `MidiProblem` that says what is wrong with it.
 */
export async function openFile(file: File): Promise<Opened> {
  if (file.size > MAX_FILE_BYTES) {
    throw new MidiProblem(
      "too_large",
      t("This file is larger than 1 MB, which no MIDI file of a round may be."),
    );
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const title =
    file.name
      .replace(/\.midi?$/i, "")
      .trim()
      .slice(0, 80) || t("Untitled");
  return { project: projectOf(readMidi(bytes)), title };
}

export function midiBlob(song: Song): Blob {
  return new Blob([writeMidi(song)], { type: "audio/midi" });
}

/** Have the browser save a file. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Revoked later: some browsers read the address after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A plain file name of a title. */
export function fileName(title: string, extension: string): string {
  const stem = title.replace(/[^\p{L}\p{N} ._-]/gu, "").trim() || "piece";
  return `${stem}.${extension}`;
}
