/** Sets that do not change. */
export type Ids = ReadonlySet<number>;

export const NONE: Ids = new Set();

export function union(a: Ids, b: Iterable<number>): Ids {
  return new Set([...a, ...b]);
}

export function without(a: Ids, b: Ids): Ids {
  return new Set([...a].filter((id) => !b.has(id)));
}

/** With `id` if it was not there, without it if it was. */
export function toggled(a: Ids, id: number): Ids {
  return a.has(id) ? without(a, new Set([id])) : union(a, [id]);
}

export function equal(a: Ids, b: Ids): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
