/**
 * Standard MIDI files, read and written as the server does.
 *
 * `readMidi(writeMidi(song))` is `canonicalSong(song)` but for the ids, and `writeMidi` of what was
 * read gives the same bytes again.
 */
export { canonicalSong } from "./canonical.ts";
export { MidiProblem, type MidiProblemCode } from "./midi/problem.ts";
export { readMidi } from "./midi/reader.ts";
export { writeMidi } from "./midi/writer.ts";
