/** Notes in words, for tables and for screen readers. */
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
  return [letter, ["flat", "", "sharp"][sign + 1], octave].filter((part) => part !== "").join(" ");
}

/** The sharps (negative: flats) that hold at a tick; 0 where no key is given. */
export function sharpsAt(song: Song, tick: number): number {
  return song.keySignatures.findLast((change) => change.tick <= tick)?.sharps ?? 0;
}

const NAMED_LENGTHS: readonly (readonly [number, string])[] = [
  [4, "whole"],
  [2, "half"],
  [1, "quarter"],
  [1 / 2, "eighth"],
  [1 / 4, "sixteenth"],
  [1 / 8, "thirty-second"],
];

const LENGTHS = new Map(
  NAMED_LENGTHS.flatMap(([beats, name]) => {
    const ticks = beats * TICKS_PER_BEAT;
    return [
      [ticks, name],
      [ticks * 1.5, `dotted ${name}`],
      [(ticks * 2) / 3, `triplet ${name}`],
    ] as const;
  }),
);

/** "eighth", "dotted quarter", "triplet quarter", else in beats: "5 beats", "0.33 beats". */
export function lengthInWords(ticks: number): string {
  return LENGTHS.get(ticks) ?? beats(ticks / TICKS_PER_BEAT);
}

function beats(count: number): string {
  const rounded = decimal(count);
  return rounded === "1" ? "1 beat" : `${rounded} beats`;
}

/** At most two decimals; something never reads as nothing. */
function decimal(value: number): string {
  return String(value > 0 ? Math.max(Math.round(value * 100) / 100, 0.01) : 0);
}

/** "2.3.25": bar, beat, and hundredths of a beat where there are any, as in "2.3". */
export function positionInShort(song: Song, tick: number): string {
  const { bar, beat, part } = position(song, tick);
  const hundredths = Math.min(Math.round(part * 100), 99);
  return hundredths === 0
    ? `${bar}.${beat}`
    : `${bar}.${beat}.${String(hundredths).padStart(2, "0")}`;
}

/** "Bar 2 beat 3", "Bar 2 beat 3.5". Beats are notes of the time signature's denominator. */
export function positionInWords(song: Song, tick: number): string {
  const { bar, beat, part } = position(song, tick);
  const within = Math.min(Math.round(part * 100) / 100, 0.99);
  return `Bar ${bar} beat ${decimal(beat + within)}`;
}

function position(song: Song, tick: number): { bar: number; beat: number; part: number } {
  const { bar, beat, rest } = barBeatAt(song, tick);
  return { bar, beat, part: rest / beatTicks(signatureAt(song, tick)) };
}

/** What a note is called in its track: "F♯4", or "Snare" on drums. */
export function noteName(song: Song, track: Track, note: Pick<Note, "pitch" | "start">): string {
  const drum = track.isDrum ? drumName(note.pitch) : null;
  return drum ?? pitchName(note.pitch, sharpsAt(song, note.start));
}

/** "Bar 2 beat 3, F sharp 4, eighth": a note to be read aloud. */
export function noteInWords(song: Song, track: Track, note: Note): string {
  const drum = track.isDrum ? drumName(note.pitch) : null;
  const name = drum ?? spokenPitch(note.pitch, sharpsAt(song, note.start));
  return [positionInWords(song, note.start), name, lengthInWords(note.duration)].join(", ");
}
