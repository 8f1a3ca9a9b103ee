/** Files of the piece as it is now: MIDI and WAV are made here, MP3 by the site. */
import { t } from "../lib/i18n.ts";
import { writeMidi } from "../song/midi.ts";
import { audibleTracks } from "../song/model.ts";
import { ApiProblem, ask } from "./api.ts";
import type { ExportKind } from "./bar.ts";
import { download, fileName, midiBlob } from "./files.ts";
import type { StudioSession } from "./session.ts";

interface AudioRow {
  readonly state: string;
  readonly final: boolean;
  readonly detail: string | null;
  readonly mp3: string | null;
}

const LOOK_EVERY = 1500;

/** Make a file and have the browser save it; `say` is told how far it is.
 *
 * Rejects with an error whose message is for people.
 */
export async function exportPiece(
  kind: ExportKind,
  session: StudioSession,
  say: (text: string) => void,
): Promise<void> {
  const { title } = session.piece;
  const project = session.document.committed;
  if (kind === "midi") download(midiBlob(project.song), fileName(title, "mid"));
  else if (kind === "wav") {
    // What is heard: muted tracks are left out of a WAV, and kept in a MIDI file.
    const midi = writeMidi({ ...project.song, tracks: audibleTracks(project) });
    const { exportWav } = await import("../audio/export-wav.ts");
    const onProgress = (share: number) =>
      say(t("Making the WAV: {percent} %", { percent: Math.round(100 * share) }));
    download(await exportWav(midi, { onProgress }), fileName(title, "wav"));
  } else await exportMp3(session, say);
}

async function exportMp3(session: StudioSession, say: (text: string) => void): Promise<void> {
  say(t("Making the MP3 …"));
  const { id, title } = await session.ensureSaved();
  for (;;) {
    const { data } = await ask<AudioRow>(`compositions/${id}/audio/`);
    if (data.mp3 !== null) {
      const response = await fetch(data.mp3);
      if (!response.ok)
        throw new ApiProblem(
          response.status,
          "no_sound",
          t("The MP3 could not be fetched. Try again."),
        );
      download(await response.blob(), fileName(title, "mp3"));
      return;
    }
    if (data.final)
      throw new ApiProblem(
        0,
        data.state,
        data.detail ?? t("The sound cannot be made just now. Try again later."),
      );
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}
