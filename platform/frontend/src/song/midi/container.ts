/** The outside of a MIDI file: its header and chunks, checked before anything is parsed. */
import { msg, t } from "../../lib/i18n.ts";
import { EXPORT_AGAIN, grouped, MAX_BYTES, MAX_TRACKS, MidiProblem } from "./problem.ts";

const MAX_CHUNKS = 1024;
const END_OF_TRACK = "\xff\x2f\x00";

const LOOKS_LIKE: readonly (readonly [string, string])[] = [
  ["\x89PNG", msg("a PNG picture")],
  ["\xff\xd8\xff", msg("a JPEG picture")],
  ["GIF8", msg("a GIF picture")],
  ["PK\x03\x04", msg("a ZIP archive or a compressed score (.mxl, .mscz)")],
  ["%PDF", msg("a PDF document")],
  ["ID3", msg("an MP3 recording")],
  ["fLaC", msg("a FLAC recording")],
  ["OggS", msg("an Ogg recording")],
  ["RIFF", msg("a sound recording (WAV)")],
  ["<?xml", msg("an XML document, perhaps MusicXML")],
  ["<", msg("a web page or an XML document")],
];

/** `ticksPerBeat` is 1 to 32,767; `tracks` are the bodies of the track chunks in file order. */
export interface Container {
  readonly ticksPerBeat: number;
  readonly tracks: readonly Uint8Array[];
}

/** Return the tracks of a MIDI file of type 0 or 1.
 *
 * A RIFF wrapper (.rmi), chunks of unknown kinds, bytes after the last track, a longer header and
 * more tracks than announced are all accepted. Throws `MidiProblem`.
 */
export function openContainer(bytes: Uint8Array): Container {
  if (bytes.length === 0) {
    throw new MidiProblem(
      "empty_file",
      t("The file is empty (0 bytes). {again}", { again: t(EXPORT_AGAIN) }),
    );
  }
  if (bytes.length > MAX_BYTES) {
    throw new MidiProblem(
      "too_large",
      t(
        "The file has {size} bytes; at most {max_bytes} are accepted. Leave out controller data you do not need, or choose a shorter piece.",
        { size: grouped(bytes.length), max_bytes: grouped(MAX_BYTES) },
      ),
    );
  }
  const file = unwrapped(bytes);
  const header = readHeader(file);
  return { ticksPerBeat: header.division, tracks: readTracks(file, header) };
}

interface Header {
  readonly announced: number;
  readonly division: number;
  /** Where the chunks begin. */
  readonly end: number;
}

const textAt = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The MIDI file inside a RIFF wrapper of form RMID, or the bytes themselves. */
function unwrapped(bytes: Uint8Array): Uint8Array {
  if (textAt(bytes, 0, 4) !== "RIFF" || textAt(bytes, 8, 4) !== "RMID") return bytes;
  const start = textAt(bytes, 12, 4096).indexOf("data");
  if (start < 0) {
    throw new MidiProblem(
      "damaged",
      t("The RMI file holds no music chunk. {again}", { again: t(EXPORT_AGAIN) }),
    );
  }
  return bytes.subarray(12 + start + 8);
}

function readHeader(bytes: Uint8Array): Header {
  if (textAt(bytes, 0, 4) !== "MThd") throw new MidiProblem("not_midi", describeStranger(bytes));
  if (bytes.length < 14) {
    throw new MidiProblem(
      "truncated",
      t("The file ends inside its header. {again}", { again: t(EXPORT_AGAIN) }),
    );
  }
  const view = viewOf(bytes);
  const length = view.getUint32(4);
  if (length < 6) {
    throw new MidiProblem(
      "damaged",
      t("The header is {length} bytes long instead of 6.", { length }),
    );
  }
  checkType(view.getUint16(8));
  const division = view.getUint16(12);
  checkDivision(division);
  return { announced: view.getUint16(10), division, end: 8 + length };
}

function describeStranger(bytes: Uint8Array): string {
  const found = LOOKS_LIKE.find(([magic]) => textAt(bytes, 0, magic.length) === magic);
  if (found)
    return t("This looks like {what}, not a MIDI file. Choose a file ending in .mid.", {
      what: t(found[1]),
    });
  return t(
    "This is not a MIDI file: it does not begin with MThd. Choose a file that your notation program or sequencer exported as MIDI.",
  );
}

function checkType(type: number): void {
  if (type > 1) {
    throw new MidiProblem(
      "type_unsupported",
      t(
        "This is a MIDI file of type {type}; types 0 and 1 are accepted. Save it as type 1 in your sequencer.",
        { type },
      ),
    );
  }
}

function checkDivision(division: number): void {
  if (division & 0x8000) {
    throw new MidiProblem(
      "division_unsupported",
      t(
        "The file counts time in film frames (SMPTE) instead of beats. Save it with a resolution in ticks per quarter note, such as 480.",
      ),
    );
  }
  if (division === 0) {
    throw new MidiProblem(
      "division_unsupported",
      t(
        "The file says that a beat has 0 ticks, so no note has a length. Save it with a resolution such as 480 ticks per quarter note.",
      ),
    );
  }
}

function readTracks(bytes: Uint8Array, { announced, end }: Header): Uint8Array[] {
  const view = viewOf(bytes);
  const tracks: Uint8Array[] = [];
  for (let at = end, chunk = 0; chunk < MAX_CHUNKS && at + 8 <= bytes.length; chunk += 1) {
    const length = view.getUint32(at + 4);
    if (textAt(bytes, at, 4) === "MTrk") {
      const body = bytes.subarray(at + 8, at + 8 + length);
      checkWhole(body, length, tracks.length + 1);
      tracks.push(body);
      checkTrackCount(tracks.length, announced);
    }
    at += 8 + length;
  }
  checkAllThere(tracks.length, announced);
  return tracks;
}

function checkWhole(body: Uint8Array, length: number, number: number): void {
  if (body.length === length || textAt(body, body.length - 3, 3) === END_OF_TRACK) return;
  throw new MidiProblem(
    "truncated",
    t(
      "The file is cut off: track {number} should be {length} bytes long and only {found} are there. Copy or export the file again.",
      { number, length: grouped(length), found: grouped(body.length) },
    ),
  );
}

function checkTrackCount(count: number, announced: number): void {
  if (count <= MAX_TRACKS) return;
  throw new MidiProblem(
    "too_many_tracks",
    t(
      "The file has {count} tracks or more; at most {limit} are accepted. Join the tracks that play the same instrument.",
      { count: grouped(Math.max(announced, count)), limit: MAX_TRACKS },
    ),
  );
}

function checkAllThere(count: number, announced: number): void {
  if (count < announced) {
    throw new MidiProblem(
      "truncated",
      t(
        "The file announces {announced} tracks and holds {found}: its end is missing. Copy or export the file again.",
        { announced: grouped(announced), found: grouped(count) },
      ),
    );
  }
  if (count === 0) {
    throw new MidiProblem("no_notes", t("The file holds no track, so there is nothing to play."));
  }
}
