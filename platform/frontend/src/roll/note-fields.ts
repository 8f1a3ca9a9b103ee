/** A note as five fields that a person reads and writes, and what is wrong with what was written. */
import { t } from "../lib/i18n.ts";
import { pitchOfDrum } from "../song/instruments.ts";
import { type NewNote, type Song, TICKS_PER_BEAT, type Track } from "../song/model.ts";
import { barTicks, beatTicks, signatureAt } from "../song/time.ts";
import { beatAt, noteName, pitchOf, short } from "../song/words.ts";
import { barNumber, barStartAt, startOfBar } from "./grid.ts";

export const FIELDS = ["bar", "beat", "pitch", "length", "velocity"] as const;
export type Field = (typeof FIELDS)[number];

/** What the fields are called. */
export const HEADS: Readonly<Record<Field, () => string>> = {
  bar: () => t("Bar"),
  beat: () => t("Beat"),
  pitch: () => t("Pitch"),
  length: () => t("Length"),
  velocity: () => t("Velocity"),
};
/** The names of the commands that change them. */
export const CHANGES: Readonly<Record<Field, () => string>> = {
  bar: () => t("Change the bar of a note"),
  beat: () => t("Change the beat of a note"),
  pitch: () => t("Change the pitch of a note"),
  length: () => t("Change the length of a note"),
  velocity: () => t("Change the velocity of a note"),
};

/** A change of a note, or the sentence that says why there is none. */
export type Read = Partial<NewNote> | string;

const MOST_BARS = 9999;
const MOST_BEATS = 4000;

/** What is read and written differs by track: drums have names in place of pitches. */
type Kit = Pick<Track, "isDrum"> | null;

export function shown(song: Song, track: Kit, note: NewNote, field: Field): string {
  switch (field) {
    case "bar":
      return String(barNumber(song, note.start));
    case "beat":
      return short(beatAt(song, note.start));
    case "pitch":
      return noteName(song, track, note);
    case "length":
      return short(note.duration / TICKS_PER_BEAT);
    case "velocity":
      return String(note.velocity);
  }
}

/** Read what was written into a field of `note`. */
export function read(song: Song, track: Kit, note: NewNote, field: Field, text: string): Read {
  if (field === "pitch") return readPitch(track, text);
  return READERS[field](song, note, text.trim().replace(",", "."));
}

const READERS: Readonly<
  Record<Exclude<Field, "pitch">, (song: Song, note: NewNote, text: string) => Read>
> = {
  bar: readBar,
  beat: readBeat,
  length: readLength,
  velocity: readVelocity,
};

/** Another bar, at the same distance from its start where it is long enough. */
function readBar(song: Song, note: NewNote, text: string): Read {
  const bar = whole(text);
  if (bar === null || bar < 1 || bar > MOST_BARS) {
    return t("Write the bar as a whole number from 1 to {most}.", { most: MOST_BARS });
  }
  const start = startOfBar(song, bar);
  const inside = note.start - barStartAt(song, note.start);
  return { start: start + Math.min(inside, barTicks(signatureAt(song, start)) - 1) };
}

function readBeat(song: Song, note: NewNote, text: string): Read {
  const { numerator } = signatureAt(song, note.start);
  const beat = decimal(text);
  if (beat === null || beat < 1 || beat >= numerator + 1) {
    return t("Write the beat as a number from 1 to below {end}, such as 1 or 2.5.", {
      end: numerator + 1,
    });
  }
  const size = beatTicks(signatureAt(song, note.start));
  return { start: barStartAt(song, note.start) + Math.round((beat - 1) * size) };
}

function readPitch(track: Kit, text: string): Read {
  const pitch = (track?.isDrum ? pitchOfDrum(text) : null) ?? pitchOf(text);
  if (pitch !== null) return { pitch };
  return track?.isDrum
    ? t("Write the drum by its name, such as Snare, or as a pitch from 0 to 127.")
    : t("Write the pitch as a name from C-1 to G9, such as F#4, or as 0 to 127.");
}

function readLength(_song: Song, _note: NewNote, text: string): Read {
  const beats = fraction(text) ?? decimal(text);
  const duration = Math.round((beats ?? 0) * TICKS_PER_BEAT);
  if (beats === null || duration < 1 || beats > MOST_BEATS) {
    return t(
      "Write the length in beats above 0, such as 1 or 0.5, or as a note value such as 1/8.",
    );
  }
  return { duration };
}

function readVelocity(_song: Song, _note: NewNote, text: string): Read {
  const velocity = whole(text);
  if (velocity === null || velocity < 1 || velocity > 127) {
    return t("Write the velocity as a whole number from 1 to 127.");
  }
  return { velocity };
}

function whole(text: string): number | null {
  return /^\d{1,5}$/.test(text) ? Number(text) : null;
}

function decimal(text: string): number | null {
  return /^\d{1,5}(\.\d*)?$|^\.\d+$/.test(text) ? Number(text) : null;
}

/** Beats of a note value: 1/8 is half a beat. */
function fraction(text: string): number | null {
  const found = /^(\d{1,2})\/(\d{1,2})$/.exec(text);
  if (!found) return null;
  const [, over = "", under = ""] = found;
  return Number(under) > 0 ? (4 * Number(over)) / Number(under) : null;
}
