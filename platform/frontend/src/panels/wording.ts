/** Techniques, times and settings in words, as the server's pages write them. */
import { language, msg, plural, t } from "../lib/i18n.ts";
import type { GenerationState, Kind, ParameterRow, Technique, Value, Values } from "./rows.ts";

export interface Plain {
  /** What a musician would say: msg("Add a band"). */
  readonly name: string;
  /** The kind of model: "GAN". */
  readonly model: string;
  /** What it is at: msg("Adding a band"). */
  readonly doing: string;
}

const PLAIN: Readonly<Record<Technique, Plain>> = {
  accompany: { name: msg("Add a band"), model: "GAN", doing: msg("Adding a band") },
  edit: { name: msg("Bach it"), model: "AR-CNN", doing: msg("Editing towards Bach") },
  extend: { name: msg("Keep going"), model: "Transformer", doing: msg("Playing on") },
};

/** Return a technique in plain words; one that this page does not know yet under its own name. */
export function plain(technique: Technique): Plain {
  const found = PLAIN[technique] ?? { name: technique, model: "", doing: technique };
  return { name: t(found.name), model: found.model, doing: t(found.doing) };
}

/** "4 s", "3 min", "5 h": a waiting time in its largest unit. */
export function span(seconds: number): string {
  if (seconds < 90) return t("{count} s", { count: Math.max(1, Math.round(seconds)) });
  if (seconds < 90 * 60) return t("{count} min", { count: Math.round(seconds / 60) });
  return t("{count} h", { count: Math.round(seconds / 3600) });
}

/** "1:12": a length of music in minutes and seconds. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** "Sun, 30 Nov, 18:00" in the reader's own zone and language; without a day if it is today. */
export function moment(instant: number | string, now = new Date()): string {
  const when = new Date(instant);
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  const day = { weekday: "short", day: "numeric", month: "short" } as const;
  const isToday = when.toDateString() === now.toDateString();
  // As the site's pages write it: the day before the month, and hours from 0 to 23.
  const locale = language() === "en" ? "en-GB" : language();
  return new Intl.DateTimeFormat(locale, isToday ? time : { ...day, ...time }).format(when);
}

const STATES: Readonly<Record<GenerationState, string>> = {
  waiting: msg("In the queue"),
  running: msg("At work"),
  succeeded: msg("Done"),
  failed: msg("Stopped"),
  cancelled: msg("Cancelled"),
};

export function stateWord(state: GenerationState): string {
  return t(STATES[state] ?? state);
}

/** The site's choices that are words; more come with its answers. */
export const CHOICES = [
  msg("Arcade"),
  msg("Auto"),
  msg("Chorale"),
  msg("Dance"),
  msg("Madrigal"),
  msg("Quartet"),
  msg("Random"),
];

/** Choices that are names, written as their makers write them. */
const NAMES: Readonly<Record<string, string>> = { unet: "U-Net", musegan: "MuseGAN" };

/** "top_k" as people read it: "Top-k". */
export function choiceWord(choice: string): string {
  const name = NAMES[choice];
  if (name) return name;
  const words = choice.replaceAll("_", "-");
  return t(words.charAt(0).toUpperCase() + words.slice(1));
}

/** Rising whole numbers with runs drawn together: "1-3, 7, 9-10". */
export function inRuns(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
}

const LISTS: ReadonlySet<Kind> = new Set(["bars", "notes", "tracks"]);

export function isList(kind: Kind): boolean {
  return LISTS.has(kind);
}

/** Return each setting's label and value as people read them, in the form's order. */
export function settingsInWords(
  parameters: readonly ParameterRow[],
  values: Values,
): [label: string, value: string][] {
  return parameters.flatMap((parameter) => {
    const value = values[parameter.name];
    return value === undefined ? [] : [[t(parameter.label), valueWord(value, parameter)]];
  });
}

function valueWord(value: Value, { kind, unit }: ParameterRow): string {
  if (value === null) return t("no limit");
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  if (typeof value === "string") return choiceWord(value);
  if (typeof value !== "number") {
    if (value.length === 0) return t("none");
    return kind === "notes" ? plural("{count} note", "{count} notes", value.length) : inRuns(value);
  }
  return `${value}${unit === "%" ? " %" : unit ? ` ${t(unit)}` : ""}`;
}
