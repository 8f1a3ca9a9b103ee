/** Unpack sound fonts away from the audio thread, which would crackle while it did so. */
import { BasicSoundBank, SoundBankLoader } from "spessasynth_core";
import type { DecodeAnswer, DecodeRequest } from "./decoder.ts";

addEventListener("message", ({ data }: MessageEvent<DecodeRequest>) => {
  unpacked(data.packed).then(
    (bank) => answer({ id: data.id, bank }, [bank]),
    (error: unknown) => answer({ id: data.id, error: String(error) }, []),
  );
});

/** A sound font with Vorbis samples as one with plain samples. */
async function unpacked(packed: ArrayBuffer): Promise<ArrayBuffer> {
  await BasicSoundBank.isSF3DecoderReady;
  const bank = SoundBankLoader.fromArrayBuffer(packed);
  await bank.setSampleFormat({ format: "pcm" });
  return bank.writeSF2();
}

function answer(message: DecodeAnswer, transfer: Transferable[]): void {
  postMessage(message, { transfer });
}
