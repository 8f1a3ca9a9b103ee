/** WAV export in the browser: the same bytes as the server's. */
import type { RenderAnswer, RenderRequest } from "./render-messages.ts";
import { soundfontFolder } from "./soundfonts.ts";

export interface ExportOptions {
  /** Told how far it is, a share from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Stops the work when aborted; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Return a canonical MIDI file's sound as a WAV file, rendered in a worker.
 *
 * @throws SoundfontsMissing if the page names no sound fonts
 * @throws Error if they cannot be loaded or the file cannot be rendered, with the reason
 */
export function exportWav(
  midi: Uint8Array<ArrayBuffer>,
  { onProgress, signal }: ExportOptions = {},
): Promise<Blob> {
  const request: RenderRequest = { midi, soundfonts: soundfontFolder() };
  const worker = new Worker(new URL("./render.worker.ts", import.meta.url), { type: "module" });
  return new Promise<Blob>((resolve, reject) => {
    signal?.throwIfAborted();
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    worker.addEventListener("error", (event) => reject(new Error(event.message)));
    worker.addEventListener("message", ({ data }: MessageEvent<RenderAnswer>) => {
      if (data.kind === "progress") onProgress?.(data.share);
      else if (data.kind === "failed") reject(new Error(data.message));
      else resolve(new Blob([data.wav], { type: "audio/wav" }));
    });
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}
