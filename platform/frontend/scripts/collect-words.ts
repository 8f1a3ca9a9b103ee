/** Collects the words for people of `src` into the catalogs of other languages.
 *
 * `npm run messages` adds what is new, empty, and drops what is gone; people fill in `src/words`.
 * What pages load is in `page.*.json`, what only the Studio needs in `studio.*.json`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const SOURCES = resolve(import.meta.dirname, "../src");
const WORDS = join(SOURCES, "words");
/** A call with words: `t("…"`, `msg("…"`, or `plural("…", "…"`. */
const CALL = /(?<![\w.$])(t|msg|plural)\(\s*("(?:[^"\\]|\\.)*")(?:,\s*("(?:[^"\\]|\\.)*"))?/g;
const IMPORT = /(?:from|import)\s*\(?\s*"(\.[^"]+\.ts)"/g;

export type Words = Record<string, string | { one: string; other: string }>;

/** Return the files that the entry imports, itself among them. */
function reachable(entry: string, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  for (const [, path = ""] of readFileSync(entry, "utf8").matchAll(IMPORT)) {
    reachable(resolve(dirname(entry), path), found);
  }
  return found;
}

/** Return the empty catalog of some source text. */
export function wordsIn(source: string): Words {
  const words: Words = {};
  for (const [, call, first = '""', second] of source.matchAll(CALL)) {
    if (call !== "plural") words[JSON.parse(first)] ??= "";
    else if (second) words[JSON.parse(second)] = { one: "", other: "" };
  }
  return words;
}

/** Return what pages need and what the Studio needs beside it, by file, sorted by the words. */
export function collected(): Readonly<Record<"page" | "studio", Words>> {
  const page = reachable(join(SOURCES, "main.ts"));
  const all = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.startsWith("generated"))
    .map((name) => join(SOURCES, name));
  const first = wordsOf([...page]);
  const others = Object.entries({ ...wordsOf(all), ...originsOf() });
  return { page: first, studio: inOrder(others.filter(([words]) => !(words in first))) };
}

function wordsOf(files: readonly string[]): Words {
  return inOrder(files.flatMap((file) => Object.entries(wordsIn(readFileSync(file, "utf8")))));
}

/** Where the sample melodies come from is written beside their notes. */
function originsOf(): Words {
  const samples = readFileSync(join(SOURCES, "samples/melodies.json"), "utf8");
  const rows: { origin: string }[] = JSON.parse(samples);
  return Object.fromEntries(rows.map(({ origin }) => [origin, ""]));
}

function inOrder(words: readonly [string, Words[string]][]): Words {
  return Object.fromEntries([...words].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function read(part: "page" | "studio", language: string): Words {
  return JSON.parse(readFileSync(join(WORDS, `${part}.${language}.json`), "utf8"));
}

/** Keep the translations of what is still there; the rest is empty or gone. */
export function updated(found: Words, known: Words): Words {
  const kept = (words: string, empty: Words[string]) =>
    typeof known[words] === typeof empty ? (known[words] ?? empty) : empty;
  return Object.fromEntries(
    Object.entries(found).map(([words, empty]) => [words, kept(words, empty)]),
  );
}

/** Return the words that have no translation yet. */
export function untranslated(catalog: Words): string[] {
  const isEmpty = (word: Words[string]) =>
    typeof word === "string" ? word === "" : word.one === "" || word.other === "";
  return Object.keys(catalog).filter((words) => isEmpty(catalog[words] ?? ""));
}

function update(language: string): void {
  const found = collected();
  const known = { ...read("page", language), ...read("studio", language) };
  for (const part of ["page", "studio"] as const) {
    const catalog = updated(found[part], known);
    writeFileSync(join(WORDS, `${part}.${language}.json`), `${JSON.stringify(catalog, null, 2)}\n`);
    const left = untranslated(catalog).length;
    process.stdout.write(
      `${language}, ${part}: ${Object.keys(catalog).length} words, ${left} to translate\n`,
    );
  }
}

if (import.meta.main) update("de");
