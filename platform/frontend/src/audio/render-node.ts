/**
 * The renderer as a program for Node: `node render.mjs song.mid song.wav --soundfonts DIR`.
 *
 * `--max-seconds N` refuses longer music. Progress goes to standard output, one share per line. Exit
 * codes: 0 done, 2 wrong arguments, 3 a piece too long, 4 no sound fonts, 1 anything else.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { renderPcm, TooLong } from "./render.ts";
import { fileOf, type SoundfontIndex } from "./soundfont-index.ts";
import { toWav } from "./wav.ts";

class NoSoundfonts extends Error {}

async function banksIn(folder: string) {
  try {
    const text = await readFile(join(folder, "index.json"), "utf8");
    const index = JSON.parse(text) as SoundfontIndex;
    return async (instrument: number | "drums"): Promise<ArrayBuffer> =>
      new Uint8Array(await readFile(join(folder, fileOf(index, instrument)))).buffer;
  } catch (error) {
    throw new NoSoundfonts(`No sound fonts in ${folder}: ${String(error)}`);
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { soundfonts: { type: "string" }, "max-seconds": { type: "string" } },
  });
  const [source, target] = positionals;
  if (!source || !target || !values.soundfonts) {
    process.stderr.write(
      "usage: render.mjs SONG.mid SONG.wav --soundfonts DIR [--max-seconds N]\n",
    );
    return 2;
  }
  const maxSeconds = Number(values["max-seconds"] ?? Number.POSITIVE_INFINITY);
  const pcm = await renderPcm(
    new Uint8Array(await readFile(source)),
    await banksIn(values.soundfonts),
    {
      maxSeconds,
      onProgress: (share) => process.stdout.write(`${share.toFixed(3)}\n`),
    },
  );
  await writeFile(target, toWav(pcm));
  return 0;
}

function codeOf(error: unknown): number {
  if (error instanceof TooLong) return 3;
  if (error instanceof NoSoundfonts) return 4;
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = codeOf(error);
}
