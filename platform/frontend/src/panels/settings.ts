/** A technique's settings as a form holds them: defaults, ranges, and what a request sends. */
import { t } from "../lib/i18n.ts";
import type { ParameterRow, Technique, TechniqueRow, Value, Values } from "./rows.ts";
import { isList } from "./wording.ts";

export const MAX_SEED = 2 ** 32 - 1;

export interface Settings {
  /** By name, without the lists of what is locked, which the piece itself says. */
  readonly values: Values;
  /** Null: random. NaN while what was typed is no number. */
  readonly seed: number | null;
  /** Null: the one that the other settings call for. */
  readonly model: string | null;
  /** Whether what is locked in the piece is left alone. */
  readonly keepLocked: boolean;
}

/** What is asked of the API. */
export interface Wish {
  readonly technique: Technique;
  readonly parameters: Values;
  readonly seed: number | null;
  readonly model: string | null;
}

/** Sentences by the name of a setting; `seed` and `model` among them. */
export type Problems = Readonly<Record<string, readonly string[]>>;

export function defaultsOf(technique: TechniqueRow): Settings {
  const known = technique.parameters.filter((parameter) => !isList(parameter.kind));
  const values = Object.fromEntries(known.map((p) => [p.name, p.default]));
  return { values, seed: null, model: null, keepLocked: true };
}

/** The settings of an earlier generation, as far as the technique still has them. */
export function settingsFrom(
  technique: TechniqueRow,
  earlier: { readonly parameters: Values; readonly seed: number; readonly model: string },
): Settings {
  const usual = defaultsOf(technique);
  const values = Object.fromEntries(
    Object.entries(usual.values).map(([name, value]) => [name, earlier.parameters[name] ?? value]),
  );
  for (const { name, optional } of technique.parameters) {
    if (optional && earlier.parameters[name] === null) values[name] = null;
  }
  // The site's own models follow from the other settings; a person's own does not.
  const model = technique.models.includes(earlier.model) ? null : earlier.model;
  return { ...usual, values, model, seed: earlier.seed };
}

/** The settings that most people touch; the others wait under "More settings". */
const ESSENTIAL: Readonly<Record<Technique, readonly string[]>> = {
  accompany: ["style", "tracks", "creative_risk"],
  edit: ["creative_risk", "maximum_notes_to_add", "maximum_notes_to_remove"],
  extend: ["extension_duration", "creative_risk", "style"],
};

export interface Sorted {
  readonly first: readonly ParameterRow[];
  readonly more: readonly ParameterRow[];
  readonly locks: readonly ParameterRow[];
}

export function sorted(technique: TechniqueRow): Sorted {
  const order = ESSENTIAL[technique.technique] ?? [];
  const byName = new Map(technique.parameters.map((parameter) => [parameter.name, parameter]));
  const rest = technique.parameters.filter(({ name }) => !order.includes(name));
  return {
    first: order.flatMap((name) => byName.get(name) ?? []),
    more: rest.filter(({ kind }) => !isList(kind)),
    locks: rest.filter(({ kind }) => isList(kind)),
  };
}

/** Say what is wrong with a value, or null. The server has the last word. */
export function problemOf(parameter: ParameterRow, value: Value): string | null {
  const { kind, label, minimum, maximum, optional } = parameter;
  if (value === null && optional) return null;
  if (kind !== "integer" && kind !== "number") return null;
  const fits =
    typeof value === "number" &&
    (kind === "number" || Number.isInteger(value)) &&
    value >= (minimum ?? 0) &&
    value <= (maximum ?? Number.POSITIVE_INFINITY);
  if (fits) return null;
  const range = { label: t(label), low: minimum ?? 0, high: maximum ?? "∞" };
  return kind === "integer"
    ? t("{label} is a whole number from {low} to {high}.", range)
    : t("{label} is a number from {low} to {high}.", range);
}

export function problemsOf(technique: TechniqueRow, settings: Settings): Problems {
  const found: Record<string, readonly string[]> = {};
  for (const parameter of technique.parameters) {
    const value = settings.values[parameter.name];
    const problem = value === undefined ? null : problemOf(parameter, value);
    if (problem) found[parameter.name] = [problem];
  }
  const { seed } = settings;
  if (seed !== null && !(Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED)) {
    found.seed = [t("The seed is a whole number from 0 to {high}.", { high: MAX_SEED })];
  }
  return found;
}

/** What an API's refusal says of each setting. */
export function problemsIn(fields: Readonly<Record<string, unknown>>): Problems {
  const { parameters, ...others } = fields;
  const nested = typeof parameters === "object" && parameters !== null ? parameters : {};
  const all = Array.isArray(nested) ? { ...others, parameters } : { ...others, ...nested };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string[]] => Array.isArray(entry[1])),
  );
}

/** The request for these settings; `locked` is what the piece says is locked. */
export function wishOf(technique: TechniqueRow, settings: Settings, locked: Values): Wish {
  const lists = technique.parameters.filter(({ kind }) => isList(kind));
  const kept = lists.flatMap(({ name }) => {
    const list = locked[name];
    return settings.keepLocked && list !== undefined ? [[name, list] as const] : [];
  });
  const parameters = { ...settings.values, ...Object.fromEntries(kept) };
  const { seed, model } = settings;
  return { technique: technique.technique, parameters, seed, model };
}

/** How far one step of a slider goes: about a hundred steps over the whole range. */
export function stepOf({ kind, minimum, maximum }: ParameterRow): number {
  if (kind === "integer") return 1;
  const range = (maximum ?? 1) - (minimum ?? 0);
  if (range <= 1) return 0.01;
  return range <= 10 ? 0.1 : range <= 30 ? 0.5 : 1;
}
