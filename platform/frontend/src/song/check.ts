/** Readers for values from outside: each gives the value in its type, or throws `Damaged`. */

export type Read<T> = (value: unknown) => T;

export class Damaged extends Error {}

/** What `read` makes of a value, or null if the value is damaged. */
export function orNull<T>(read: Read<T>, value: unknown): T | null {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof Damaged) return null;
    throw error;
  }
}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Damaged(what);
}

export function whole(low: number, high: number): Read<number> {
  return (value) => {
    must(Number.isInteger(value), "not a whole number");
    const number = value as number;
    must(number >= low && number <= high, `not from ${low} to ${high}`);
    return number;
  };
}

export const finite: Read<number> = (value) => {
  must(Number.isFinite(value), "not a number");
  return value as number;
};

export const flag: Read<boolean> = (value) => {
  must(typeof value === "boolean", "not true or false");
  return value;
};

export const text: Read<string> = (value) => {
  must(typeof value === "string", "not a text");
  return value;
};

export function oneOf<const T>(...choices: readonly T[]): Read<T> {
  return (value) => {
    const found = choices.find((choice) => choice === value);
    must(found !== undefined, "not one of the choices");
    return found;
  };
}

export function nullable<T>(read: Read<T>): Read<T | null> {
  return (value) => (value === null ? null : read(value));
}

export function listOf<T>(item: Read<T>): Read<T[]> {
  return (value) => {
    must(Array.isArray(value), "not a list");
    return value.map(item);
  };
}

export function setOf<T>(item: Read<T>): Read<ReadonlySet<T>> {
  return (value) => new Set(listOf(item)(value));
}

/** A record with at least these fields; others are left out. */
export function record<T>(fields: { readonly [K in keyof T]: Read<T[K]> }): Read<T> {
  const entries = Object.entries(fields) as [keyof T & string, Read<T[keyof T]>][];
  return (value) => {
    must(typeof value === "object" && value !== null, "not a record");
    const from = value as Record<string, unknown>;
    return Object.fromEntries(entries.map(([name, read]) => [name, read(from[name])])) as T;
  };
}
