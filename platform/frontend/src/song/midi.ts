/**
 * Standard MIDI files, read and written as the server does.
 *
 * `readMidi(writeMidi(song))` is `canonicalSong(song)` but for the ids, and what was read is written
 * as the same bytes again. Ours is one track of the file for each track of the song, so any number
 * of tracks stays apart; but a file has 15 channels for melodies and one for drums, and in programs
 * that mix by channel, tracks that share one share their instrument, volume and pan.
 */
export { canonicalSong } from "./canonical.ts";
export { MidiProblem, type MidiProblemCode } from "./midi/problem.ts";
export { readMidi } from "./midi/reader.ts";
export { writeMidi } from "./midi/writer.ts";
