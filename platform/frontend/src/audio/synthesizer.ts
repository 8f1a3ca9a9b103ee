/** The synthesizer's code, fetched when it is first needed. */

import type { WorkletSynthesizer } from "spessasynth_lib";
import processorUrl from "spessasynth_lib/dist/spessasynth_processor.min.js?url";
import { t } from "../lib/i18n.ts";
import { SoundUnavailable } from "./banks.ts";

/** Under a policy without 'wasm-unsafe-eval' the synthesizer never answers. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 250;

/** Have the code in the browser's cache before it is needed; a failure is told when it is. */
export function warmSynthesizer(): void {
  import("./worklet-synthesizer.ts").catch(() => undefined);
  fetch(processorUrl).catch(() => undefined);
}

/** @throws SoundUnavailable */
export async function loadSynthesizer(context: AudioContext): Promise<WorkletSynthesizer> {
  if (!context.audioWorklet) throw new SoundUnavailable(t("this browser cannot make music"));
  const [{ WorkletSynthesizer }] = await Promise.all([
    import("./worklet-synthesizer.ts"),
    context.audioWorklet.addModule(processorUrl),
  ]).catch((cause: unknown) => {
    throw new SoundUnavailable(t("the site cannot be reached"), { cause });
  });
  const synth = new WorkletSynthesizer(context, { eventsEnabled: false });
  await answered(synth.isReady, context);
  return synth;
}

/** Wait for an answer; only time in which the browser lets sound run is counted. */
async function answered(wanted: Promise<unknown>, context: AudioContext): Promise<void> {
  let waited = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (context.state === "running") waited += LOOK_MS;
      if (waited > PATIENCE_MS) reject(new SoundUnavailable(t("the player does not answer")));
    }, LOOK_MS);
  });
  try {
    await Promise.race([wanted, tooLate]);
  } finally {
    clearInterval(timer);
  }
}
