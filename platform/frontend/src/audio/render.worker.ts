/** Renders one piece to WAV away from the page's thread. */
import { renderPcm } from "./render.ts";
import type { RenderAnswer, RenderRequest } from "./render-messages.ts";
import { fetchSoundfont } from "./soundfonts.ts";
import { toWav } from "./wav.ts";

function answer(message: RenderAnswer, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

self.addEventListener("message", async ({ data }: MessageEvent<RenderRequest>) => {
  try {
    const pcm = await renderPcm(data.midi, (program) => fetchSoundfont(program, data.soundfonts), {
      onProgress: (share) => answer({ kind: "progress", share }),
    });
    const wav = toWav(pcm);
    answer({ kind: "done", wav }, [wav.buffer]);
  } catch (error) {
    answer({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
});
