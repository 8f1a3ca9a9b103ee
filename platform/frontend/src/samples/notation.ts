/**
 * Melodies written as text.
 *
 * Bars stand between `|`. A note is its name, `#` or `b`, and its octave (C4 is middle C); `R` is a
 * rest, `-` holds the note before for longer. After a colon comes the length in beats (quarter
 * notes), such as `:2` or `:3/2`; it holds for the words after it, up to the end of the bar, and
 * every bar begins with 1. So `D5 G4:1/2 A4 B4 C5` is a bar of 3/4.
 */
import { type NewNote, TICKS_PER_BEAT, type TimeSignature } from "../song/model.ts";
import { barTicks, beatTicks } from "../song/time.ts";

const WORD =
  /^(?:(?<name>[A-G])(?<sign>[#b]?)(?<octave>\d)|R|-)(?::(?<over>\d+)(?:\/(?<under>\d+))?)?$/;
const STEPS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const SIGNS: Readonly<Record<string, number>> = { "#": 1, b: -1 };

/** Velocities at the start of a bar, on a beat, and between beats. */
const DOWNBEAT = 96;
const BEAT = 84;
const OFFBEAT = 76;

/** Return the notes of a written melody; throws `SyntaxError` if a word or a bar's length is wrong. */
export function parseMelody(text: string, meter: TimeSignature): NewNote[] {
  const notes: NewNote[] = [];
  text.split("|").forEach((bar, index) => {
    const begin = index * barTicks(meter);
    const end = readBar(bar, begin, notes, meter);
    if (end !== begin + barTicks(meter)) {
      throw new SyntaxError(`Bar ${index + 1}, "${bar.trim()}", has not the length of its meter.`);
    }
  });
  return notes;
}

/** Add a bar's notes to `notes`; return where it ends. */
function readBar(bar: string, begin: number, notes: NewNote[], meter: TimeSignature): number {
  let start = begin;
  let duration = TICKS_PER_BEAT;
  for (const word of bar.split(" ").filter(Boolean)) {
    const groups = WORD.exec(word)?.groups;
    if (!groups) throw new SyntaxError(`"${word}" is no note.`);
    duration = lengthOf(groups) ?? duration;
    if (groups.name) {
      const velocity = accent(start - begin, meter);
      notes.push({ start, duration, pitch: pitchOf(groups), velocity });
    } else if (word.startsWith("-")) {
      hold(notes, start, duration);
    }
    start += duration;
  }
  return start;
}

type Groups = Readonly<Record<string, string | undefined>>;

function lengthOf({ over, under = "1" }: Groups): number | null {
  return over ? (Number(over) * TICKS_PER_BEAT) / Number(under) : null;
}

function pitchOf({ name = "", sign = "", octave }: Groups): number {
  return 12 * (Number(octave) + 1) + (STEPS[name] ?? 0) + (SIGNS[sign] ?? 0);
}

function hold(notes: NewNote[], until: number, longer: number): void {
  const last = notes.pop();
  if (!last || last.start + last.duration !== until)
    throw new SyntaxError("There is no note to hold.");
  notes.push({ ...last, duration: last.duration + longer });
}

function accent(within: number, meter: TimeSignature): number {
  if (within === 0) return DOWNBEAT;
  const isCompound = meter.numerator > 3 && meter.numerator % 3 === 0;
  return within % (beatTicks(meter) * (isCompound ? 3 : 1)) === 0 ? BEAT : OFFBEAT;
}
