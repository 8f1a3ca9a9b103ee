/**
 * Reads MIDI files as the Studio does and writes them again, for comparison with the server.
 *
 * Standard input is a JSON list of `{"midi": "TVRo…", "events": […]}`: a file in base64 and edit
 * events to replay on it, if any. Standard output has for each the file that the Studio writes, or
 * the code of the problem: `{"midi": "TVRo…"}` or `{"problem": "not_midi"}`.
 */
import { text } from "node:stream/consumers";
import { parseEvents, replay } from "../src/song/changes.ts";
import { MidiProblem, readMidi, writeMidi } from "../src/song/midi.ts";

interface Request {
  readonly midi: string;
  readonly events?: unknown;
}

function answer({ midi, events = [] }: Request): { midi: string } | { problem: string } {
  const parsed = parseEvents(events);
  if (!parsed) return { problem: "damaged events" };
  try {
    const song = replay(readMidi(Buffer.from(midi, "base64")), parsed);
    return { midi: Buffer.from(writeMidi(song)).toString("base64") };
  } catch (error) {
    if (error instanceof MidiProblem) return { problem: error.code };
    throw error;
  }
}

const requests: Request[] = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(requests.map(answer)));
