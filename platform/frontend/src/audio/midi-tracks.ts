/** What the renderer needs to know of a canonical MIDI file before it plays it. */
import { type MidiEvent, parseMidi } from "midi-file";
import type { Instrument } from "./soundfont-index.ts";

const DRUM_CHANNEL = 9;
const HEADER_BYTES = 8; // a chunk's name and length

/** Return the instruments that a file plays, each once, programs in ascending order, drums last. */
export function instrumentsOf(midi: Uint8Array): Instrument[] {
  const programs = new Set<number>();
  let drums = false;
  for (const track of parseMidi(midi).tracks) {
    const channel = channelOf(track);
    if (channel === undefined) continue;
    if (channel === DRUM_CHANNEL) drums = true;
    else programs.add(programOf(track));
  }
  const melodic = [...programs].sort((a, b) => a - b);
  return drums ? [...melodic, "drums"] : melodic;
}

/**
 * Return the file with each track on a channel of its own.
 *
 * A file has 16 channels, and a song may have more tracks than that. Tracks that would share one are
 * sent to further ports (meta event 0x21), so that neither takes the other's program.
 */
export function onPorts(midi: Uint8Array): Uint8Array<ArrayBuffer> {
  const used = new Map<number, number>();
  const ports = parseMidi(midi).tracks.map((track) => {
    const channel = channelOf(track);
    if (channel === undefined) return 0;
    const port = used.get(channel) ?? 0;
    used.set(channel, port + 1);
    return port;
  });
  const view = new DataView(midi.buffer, midi.byteOffset, midi.byteLength);
  let at = HEADER_BYTES + view.getUint32(4);
  const chunks = [midi.subarray(0, at)];
  for (const port of ports) {
    const length = view.getUint32(at + 4);
    const body = midi.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length);
    chunks.push(port > 0 ? onPort(body, port) : midi.subarray(at, at + HEADER_BYTES + length));
    at += HEADER_BYTES + length;
  }
  return joined(chunks);
}

function onPort(body: Uint8Array, port: number): Uint8Array {
  const event = new Uint8Array([0, 0xff, 0x21, 1, port]);
  const head = new Uint8Array(HEADER_BYTES);
  head.set([0x4d, 0x54, 0x72, 0x6b]); // MTrk
  new DataView(head.buffer).setUint32(4, event.length + body.length);
  return joined([head, event, body]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function channelOf(track: readonly MidiEvent[]): number | undefined {
  for (const event of track) {
    if ("channel" in event) return event.channel;
  }
  return undefined;
}

function programOf(track: readonly MidiEvent[]): number {
  const change = track.find((event) => event.type === "programChange");
  return change?.programNumber ?? 0;
}
