/** Music in words: for commands, announcements and tables. */
import { plural, t } from "../lib/i18n.ts";
import { pitchName } from "../lib/pitch-name.ts";
import { drumName } from "../song/instruments.ts";
import { type Note, type Song, TICKS_PER_BEAT, type Track } from "../song/model.ts";
import { barBeatAt, beatTicks, signatureAt } from "../song/time.ts";

export { pitchName };

const STEPS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const LENGTHS = new Map<number, () => string>([
  [7680, () => t("two whole notes")],
  [1920, () => t("whole")],
  [960, () => t("half")],
  [480, () => t("quarter")],
  [240, () => t("eighth")],
  [120, () => t("sixteenth")],
  [60, () => t("thirty-second")],
  [2880, () => t("dotted whole")],
  [1440, () => t("dotted half")],
  [720, () => t("dotted quarter")],
  [360, () => t("dotted eighth")],
  [180, () => t("dotted sixteenth")],
  [320, () => t("quarter triplet")],
  [160, () => t("eighth triplet")],
  [80, () => t("sixteenth triplet")],
]);

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
  const named = LENGTHS.get(ticks);
  return named ? named() : t("{beats} beats", { beats: short(ticks / TICKS_PER_BEAT) });
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

const placed = (song: Song, tick: number) => ({
  bar: barBeatAt(song, tick).bar,
  beat: short(beatAt(song, tick)),
});

/** "Bar 2 beat 3". */
export function placeName(song: Song, tick: number): string {
  return t("Bar {bar} beat {beat}", placed(song, tick));
}

/** The same within a sentence: "bar 2 beat 3". */
export function placeWithin(song: Song, tick: number): string {
  return t("bar {bar} beat {beat}", placed(song, tick));
}

/** "1 note", "3 notes". */
export function noteCount(count: number): string {
  return plural("{count} note", "{count} notes", count);
}

/** "E4"; on a track of drums the drum, where General MIDI names one. */
export function soundName(track: Pick<Track, "isDrum"> | null, pitch: number): string {
  return (track?.isDrum ? drumName(pitch) : null) ?? pitchName(pitch);
}

/** "Bar 2 beat 3, E4, eighth". */
export function noteInWords(
  song: Song,
  note: Pick<Note, "start" | "pitch" | "duration">,
  track: Pick<Track, "isDrum"> | null = null,
): string {
  const sound = soundName(track, note.pitch);
  return `${placeName(song, note.start)}, ${sound}, ${lengthName(note.duration)}`;
}
