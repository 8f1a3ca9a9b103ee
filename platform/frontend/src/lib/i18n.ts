/** Words for people: English in the source, other languages from a catalog that the page names. */

export type Catalog = Readonly<Record<string, string>>;

let catalog: Catalog = {};

export function useCatalog(words: Catalog): void {
  catalog = words;
}

/** Return `text` in the page's language, with `{name}` replaced by what `values` has for it. */
export function t(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  const found = catalog[text] ?? text;
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Return the singular or the plural by `count`, which both may name as `{count}`. */
export function plural(
  one: string,
  many: string,
  count: number,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return t(count === 1 ? one : many, { ...values, count });
}
