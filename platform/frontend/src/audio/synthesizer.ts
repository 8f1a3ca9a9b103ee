/** The synthesizer's code, fetched when it is first needed. */
import type { WorkletSynthesizer } from "spessasynth_lib";
import processorUrl from "spessasynth_lib/dist/spessasynth_processor.min.js?url";
import { SoundUnavailable } from "./banks.ts";

/** Under a policy without 'wasm-unsafe-eval' the synthesizer never answers. */
const PATIENCE_MS = 10_000;

/** @throws SoundUnavailable */
export async function loadSynthesizer(context: AudioContext): Promise<WorkletSynthesizer> {
  if (!context.audioWorklet) throw new SoundUnavailable("this browser cannot make music");
  const [{ WorkletSynthesizer }] = await Promise.all([
    import("spessasynth_lib"),
    context.audioWorklet.addModule(processorUrl),
  ]).catch((cause: unknown) => {
    throw new SoundUnavailable("the site cannot be reached", { cause });
  });
  const synth = new WorkletSynthesizer(context, { eventsEnabled: false });
  await within(PATIENCE_MS, synth.isReady);
  return synth;
}

async function within(ms: number, wanted: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SoundUnavailable("the player does not answer")), ms);
  });
  try {
    await Promise.race([wanted, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
