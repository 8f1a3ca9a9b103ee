/**
 * Reads MIDI files as the Studio does and writes them again, for comparison with the server.
 *
 * Standard input is a JSON list of files in base64; standard output has for each the file that the
 * Studio writes, or the code of the problem: `{"midi": "TVRo…"}` or `{"problem": "not_midi"}`.
 */
import { text } from "node:stream/consumers";
import { MidiProblem, readMidi, writeMidi } from "../src/song/midi.ts";
import { CENTER, DEFAULT_VOLUME, type Song } from "../src/song/model.ts";

/** The server's songs have no volume and no pan. */
function asTheServerKeepsIt(song: Song): Song {
  const plain = { volume: DEFAULT_VOLUME, pan: CENTER };
  return { ...song, tracks: song.tracks.map((track) => ({ ...track, ...plain })) };
}

function rewritten(file: string): { midi: string } | { problem: string } {
  try {
    const song = readMidi(Buffer.from(file, "base64"));
    return { midi: Buffer.from(writeMidi(asTheServerKeepsIt(song))).toString("base64") };
  } catch (error) {
    if (error instanceof MidiProblem) return { problem: error.code };
    throw error;
  }
}

const files: string[] = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(files.map(rewritten)));
