/** Why a file is not taken in, and what a file may hold. The same limits as the server's. */
import { language, msg } from "../../lib/i18n.ts";

export const MAX_BYTES = 1 << 20;
export const MAX_NOTES = 50_000;
export const MAX_TRACKS = 64;
export const MAX_SECONDS = 30 * 60;
export const MAX_BEATS = 60_000;
export const MAX_CHANGES = 20_000;
/** The server's parser counts ticks in 32 bits. */
export const MAX_TICK = 1 << 30;

export type MidiProblemCode =
  | "empty_file"
  | "too_large"
  | "not_midi"
  | "truncated"
  | "damaged"
  | "type_unsupported"
  | "division_unsupported"
  | "bad_tempo"
  | "no_notes"
  | "too_many_tracks"
  | "too_many_notes"
  | "too_many_changes"
  | "too_long";

/** A file is not taken in. `code` is the server's code for the same, `message` is for the musician. */
export class MidiProblem extends Error {
  readonly code: MidiProblemCode;

  constructor(code: MidiProblemCode, message: string) {
    super(message);
    this.name = "MidiProblem";
    this.code = code;
  }
}

export const EXPORT_AGAIN = msg(
  "Export it again from the program that made it, as a standard MIDI file.",
);

/** 50000 as "50,000", as the page's language writes it. */
export const grouped = (count: number): string => count.toLocaleString(language());
