/**
 * Cut the site's fonts down to what its pages use, before Vite hashes them.
 *
 * Newsreader sets headings at one weight per posture, so its axes are pinned;
 * Instrument Sans keeps a weight axis. The limit is for all files together.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import subset from "subset-font";

type Axes = Record<string, number | { min: number; max: number }>;
interface Face {
  readonly source: string;
  readonly target: string;
  readonly characters: string;
  readonly axes: Axes;
}

const LIMIT_BYTES = 90 * 1024;
const OUT = join(import.meta.dirname, "..", "src", "generated", "fonts");
const require = createRequire(import.meta.url);

function range(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join(
    "",
  );
}

const LATIN = `${range(0x20, 0x7e)}${range(0xa0, 0xff)}ıŒœ–—‘’‚“”„†•…‹›€™−←→↑↓`;
const LATIN_EXTENDED = range(0x100, 0x17f);

const FACES: readonly Face[] = [
  {
    source: "@fontsource-variable/newsreader/files/newsreader-latin-opsz-normal.woff2",
    target: "newsreader.woff2",
    characters: LATIN,
    axes: { wght: 480, opsz: 36 },
  },
  {
    source: "@fontsource-variable/newsreader/files/newsreader-latin-opsz-italic.woff2",
    target: "newsreader-italic.woff2",
    characters: LATIN,
    axes: { wght: 440, opsz: 28 },
  },
  {
    source: "@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2",
    target: "instrument-sans.woff2",
    characters: LATIN,
    axes: { wght: { min: 400, max: 700 } },
  },
  {
    source:
      "@fontsource-variable/instrument-sans/files/instrument-sans-latin-ext-wght-normal.woff2",
    target: "instrument-sans-extended.woff2",
    characters: LATIN_EXTENDED,
    axes: { wght: { min: 400, max: 700 } },
  },
];

async function cut(face: Face): Promise<number> {
  const original = await readFile(require.resolve(face.source));
  const font = await subset(original, face.characters, {
    targetFormat: "woff2",
    variationAxes: face.axes,
  });
  await writeFile(join(OUT, face.target), font);
  return font.length;
}

await mkdir(OUT, { recursive: true });
const sizes = await Promise.all(FACES.map(cut));
const total = sizes.reduce((sum, size) => sum + size, 0);
if (total > LIMIT_BYTES) {
  throw new Error(`Fonts take ${total} bytes; the limit is ${LIMIT_BYTES}.`);
}
process.stdout.write(`fonts: ${sizes.length} files, ${(total / 1024).toFixed(1)} KiB\n`);
