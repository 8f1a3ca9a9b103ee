/** Short tunes in the public domain to begin with, engraved by hand in `melodies.json`. */
import { addTrack } from "../song/edits.ts";
import { EMPTY_SONG, type Song, type TimeSignature } from "../song/model.ts";
import written from "./melodies.json" with { type: "json" };
import { parseMelody } from "./notation.ts";

/** What is said of a sample. */
export interface Sample {
  readonly id: string;
  readonly title: string;
  /** Where the tune comes from, in one line. */
  readonly origin: string;
}

/** All samples in the order in which they are offered. */
export const SAMPLES: readonly Sample[] = written;

/** Return a sample as a song of one piano track; throws `RangeError` if there is none of that id. */
export function sampleSong(id: string): Song {
  const found = written.find((sample) => sample.id === id);
  if (!found) throw new RangeError(`There is no sample "${id}".`);
  const [numerator = 4, denominator = 4] = found.meter;
  const meter: TimeSignature = { tick: 0, numerator, denominator };
  const empty: Song = {
    ...EMPTY_SONG,
    tempos: [{ tick: 0, usPerBeat: Math.round(60e6 / found.qpm) }],
    timeSignatures: [meter],
    keySignatures: [{ tick: 0, sharps: found.sharps, isMinor: found.minor }],
  };
  return addTrack(empty, { name: "Melody", notes: parseMelody(found.text.join(" | "), meter) });
}
