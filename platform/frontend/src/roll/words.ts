/** Music in words: for commands, announcements and tables. */
import { type Song, TICKS_PER_BEAT } from "../song/model.ts";
import { barBeatAt, beatTicks, signatureAt } from "../song/time.ts";

const NAMES = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
const STEPS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const LENGTHS = new Map<number, string>([
  [7680, "two whole notes"],
  [1920, "whole"],
  [960, "half"],
  [480, "quarter"],
  [240, "eighth"],
  [120, "sixteenth"],
  [60, "thirty-second"],
  [2880, "dotted whole"],
  [1440, "dotted half"],
  [720, "dotted quarter"],
  [360, "dotted eighth"],
  [180, "dotted sixteenth"],
  [320, "quarter triplet"],
  [160, "eighth triplet"],
  [80, "sixteenth triplet"],
]);

/** "C4" for 60. */
export function pitchName(pitch: number): string {
  return `${NAMES[pitch % 12] ?? ""}${Math.floor(pitch / 12) - 1}`;
}

/** The pitch that a person wrote: "F#4", "F♯4", "Bb3", "60"; null if it is none. */
export function pitchOf(text: string): number | null {
  const number = /^\d{1,3}$/.exec(text.trim());
  if (number) return inRange(Number(text));
  const named = /^([a-g])([#♯b♭]?)(-?\d)$/i.exec(text.trim());
  if (!named) return null;
  const [, letter = "", sign = "", octave = ""] = named;
  const step = STEPS[letter.toUpperCase()] ?? 0;
  const shift = sign === "" ? 0 : "#♯".includes(sign) ? 1 : -1;
  return inRange(step + shift + 12 * (Number(octave) + 1));
}

function inRange(pitch: number): number | null {
  return pitch >= 0 && pitch <= 127 ? pitch : null;
}

/** "eighth" for 240 ticks, "1.25 beats" for what has no name. */
export function lengthName(ticks: number): string {
  return LENGTHS.get(ticks) ?? `${short(ticks / TICKS_PER_BEAT)} beats`;
}

/** At most three decimals, none that is needless. */
export function short(value: number): string {
  return String(Number(value.toFixed(3)));
}

/** Beats from the bar's start, counted from 1: 2.5 is half a beat after the second. */
export function beatAt(song: Song, tick: number): number {
  const { beat, rest } = barBeatAt(song, tick);
  return beat + rest / beatTicks(signatureAt(song, tick));
}

/** "Bar 2 beat 3". */
export function placeName(song: Song, tick: number): string {
  return `Bar ${barBeatAt(song, tick).bar} beat ${short(beatAt(song, tick))}`;
}

/** "1 note", "3 notes". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "Bar 2 beat 3, E4, eighth". */
export function noteInWords(
  song: Song,
  note: { readonly start: number; readonly pitch: number; readonly duration: number },
): string {
  return `${placeName(song, note.start)}, ${pitchName(note.pitch)}, ${lengthName(note.duration)}`;
}
