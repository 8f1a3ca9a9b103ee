/** Words for people: English in the source, other languages from a catalog that the page names. */

/** By the English words: the translation, or one for each form of a plural, by its English plural. */
export type Catalog = Readonly<Record<string, string | Plural>>;
type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
type Values = Readonly<Record<string, string | number>>;

const SOURCE = "en";
const catalog: Record<string, string | Plural> = {};
let spoken = SOURCE;
let rules = new Intl.PluralRules(SOURCE);

/** Add words of a language, which is the page's from now on. */
export function useCatalog(words: Catalog, language: string): void {
  Object.assign(catalog, words);
  spoken = language;
  rules = new Intl.PluralRules(language);
}

type Load = () => Promise<{ default: Catalog }>;

/** Load the words of the page's language by what stands under its name; English needs none. */
export async function speak(catalogs: Readonly<Record<string, readonly Load[]>>): Promise<void> {
  const language = document.documentElement.lang;
  const loads = catalogs[language] ?? [];
  try {
    for (const { default: words } of await Promise.all(loads.map((load) => load()))) {
      useCatalog(words, language);
    }
  } catch {
    // A page in English is better than none.
  }
}

/** The language that `t` speaks, for dates and numbers. */
export function language(): string {
  return spoken;
}

/** Mark words that `t` is given later. */
export function msg(text: string): string {
  return text;
}

/** Return `text` in the page's language, with `{name}` replaced by what `values` has for it. */
export function t(text: string, values: Values = {}): string {
  const found = catalog[text];
  return filled(typeof found === "string" ? found : text, values);
}

/** Return the singular or the plural by `count`, which both may name as `{count}`. */
export function plural(one: string, many: string, count: number, values: Values = {}): string {
  const found = catalog[many];
  const form = typeof found === "object" ? (found[rules.select(count)] ?? found.other) : undefined;
  return filled(form ?? (count === 1 ? one : many), { ...values, count });
}

function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
