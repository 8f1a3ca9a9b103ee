/** Music in words: for commands, tables and screen readers. */
import { plural, t } from "../lib/i18n.ts";
import { drumName } from "./instruments.ts";
import { type Note, type Song, TICKS_PER_BEAT, type Track } from "./model.ts";
import { barBeatAt, beatTicks, signatureAt } from "./time.ts";

/** Seven letters a fifth apart, from F: the white keys. */
const LETTERS = "FCGDAEB";

/** How a pitch is written: its letter, 1 for sharp or -1 for flat, and its octave. */
export interface Spelling {
  readonly letter: string;
  readonly sign: -1 | 0 | 1;
  readonly octave: number;
}

/** Spell a pitch (60 is C4) in a key with `sharps` (negative: flats).
 *
 * White keys are naturals. A black key is named as the minor and major keys with that signature use
 * it: along the line of fifths, from three fifths below the major tonic to eight above. So C major
 * has E♭, B♭, F♯, C♯ and G♯.
 */
export function spell(pitch: number, sharps = 0): Spelling {
  const lowest = Math.min(Math.max(sharps - 3, -6), -1);
  const fifths = lowest + (((((pitch % 12) * 7 - lowest) % 12) + 12) % 12);
  const place = fifths + 1;
  return {
    letter: LETTERS[(place + 7) % 7] ?? "",
    sign: place < 0 ? -1 : place < 7 ? 0 : 1,
    octave: Math.floor(pitch / 12) - 1,
  };
}

/** "F♯4": a pitch as it is written. */
export function pitchName(pitch: number, sharps = 0): string {
  const { letter, sign, octave } = spell(pitch, sharps);
  return `${letter}${["♭", "", "♯"][sign + 1]}${octave}`;
}

/** "F sharp 4": a pitch as it is spoken, since some screen readers skip ♯ and ♭. */
export function spokenPitch(pitch: number, sharps = 0): string {
  const { letter, sign, octave } = spell(pitch, sharps);
  if (sign === 0) return `${letter}${octave}`;
  return sign > 0
    ? t("{letter} sharp {octave}", { letter, octave })
    : t("{letter} flat {octave}", { letter, octave });
}

export function isBlackKey(pitch: number): boolean {
  return [1, 3, 6, 8, 10].includes(pitch % 12);
}

const STEPS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

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

/** The sharps (negative: flats) that hold at a tick; 0 where no key is given. */
export function sharpsAt(song: Song, tick: number): number {
  return song.keySignatures.findLast((change) => change.tick <= tick)?.sharps ?? 0;
}

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
  [640, () => t("half triplet")],
  [320, () => t("quarter triplet")],
  [160, () => t("eighth triplet")],
  [80, () => t("sixteenth triplet")],
]);

/** "eighth" for 240 ticks, "1.25 beats" for what has no name. */
export function lengthName(ticks: number): string {
  const named = LENGTHS.get(ticks);
  return named ? named() : t("{beats} beats", { beats: short(ticks / TICKS_PER_BEAT) });
}

/** At most three decimals, none that is needless. */
export function short(value: number): string {
  return String(Number(value.toFixed(3)));
}

/** Beats from the bar's start, counted from 1: 2.5 is half a beat after the second. Beats are notes
 * of the time signature's denominator. */
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

type Kit = Pick<Track, "isDrum"> | null | undefined;
type Sounding = Pick<Note, "pitch" | "start">;

/** What a note is called in its track: "F♯4" in the key that holds there, or "Snare" on drums. */
export function noteName(song: Song, track: Kit, { pitch, start }: Sounding): string {
  return drumOf(track, pitch) ?? pitchName(pitch, sharpsAt(song, start));
}

/** The same to be read aloud: "F sharp 4", "Snare". */
export function spokenName(song: Song, track: Kit, { pitch, start }: Sounding): string {
  return drumOf(track, pitch) ?? spokenPitch(pitch, sharpsAt(song, start));
}

function drumOf(track: Kit, pitch: number): string | null {
  return track?.isDrum ? drumName(pitch) : null;
}

/** "Bar 2 beat 3, F sharp 4, eighth": a note to be read aloud. */
export function noteInWords(
  song: Song,
  track: Kit,
  note: Sounding & Pick<Note, "duration">,
): string {
  const parts = [placeName(song, note.start), spokenName(song, track, note)];
  return [...parts, lengthName(note.duration)].join(", ");
}
