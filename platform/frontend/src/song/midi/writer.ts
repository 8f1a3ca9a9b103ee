/** Writes canonical MIDI, byte for byte as `ml.music.writer` does on the server.
 *
 * Type 1, 480 ticks per beat: a track of tempo, time and key signatures, then the song's tracks.
 * Events at one tick: note-offs before note-ons, lower pitches first. No running status. Volume and
 * pan are written only where they are not the default.
 */
import { CENTER, DEFAULT_VOLUME, type Song, TICKS_PER_BEAT, type Track } from "../model.ts";
import { cleanName } from "./names.ts";
import { DRUM_CHANNEL, PAN, VOLUME } from "./track-reader.ts";

const END_OF_TRACK = [0, 0xff, 0x2f, 0];
const NOTE_OFF_VELOCITY = 64;
const MELODIC_CHANNELS = [...Array(16).keys()].filter((channel) => channel !== DRUM_CHANNEL);

interface Timed {
  readonly tick: number;
  readonly bytes: readonly number[];
}

/** Return a song as a file; equal songs give equal bytes. */
export function writeMidi(song: Song): Uint8Array<ArrayBuffer> {
  let melodic = 0;
  const channelOf = (track: Track): number => {
    if (track.isDrum) return DRUM_CHANNEL;
    const channel = MELODIC_CHANNELS[melodic % MELODIC_CHANNELS.length] ?? 0;
    melodic += 1;
    return channel;
  };
  const bodies = [conductorTrack(song), ...song.tracks.map((t) => noteTrack(t, channelOf(t)))];
  const header = [...u16(1), ...u16(bodies.length), ...u16(TICKS_PER_BEAT)];
  const chunks = bodies.map((body) => chunk("MTrk", body));
  return joined([chunk("MThd", header), ...chunks].flat());
}

const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const u24 = (value: number): number[] => [value >> 16, ...u16(value & 0xffff)];
const ascii = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0));

/** A variable-length number: 480 is 83 60. */
function vlq(value: number): number[] {
  const rest = Math.floor(value / 128);
  const last = value % 128;
  return rest === 0 ? [last] : [...vlq(rest).map((byte) => byte | 128), last];
}

function chunk(name: string, body: readonly number[]): (readonly number[])[] {
  return [ascii(name), u16(body.length >>> 16), u16(body.length & 0xffff), body];
}

function joined(parts: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function timed(events: readonly Timed[]): number[] {
  const body: number[] = [];
  let now = 0;
  for (const { tick, bytes } of events) {
    body.push(...vlq(tick - now), ...bytes);
    now = tick;
  }
  return body;
}

function conductorTrack(song: Song): number[] {
  const tempos = song.tempos.map(({ tick, usPerBeat }) => ({
    tick,
    bytes: [0xff, 0x51, 3, ...u24(usPerBeat)],
  }));
  const times = song.timeSignatures.map(({ tick, numerator, denominator }) => ({
    tick,
    bytes: [0xff, 0x58, 4, numerator, Math.log2(denominator), 24, 8],
  }));
  const keys = song.keySignatures.map(({ tick, sharps, isMinor }) => ({
    tick,
    bytes: [0xff, 0x59, 2, sharps & 0xff, Number(isMinor)],
  }));
  const events = [...tempos, ...times, ...keys].sort((a, b) => a.tick - b.tick);
  return [...timed(events), ...END_OF_TRACK];
}

function noteTrack(track: Track, channel: number): number[] {
  const name = [...new TextEncoder().encode(cleanName(track.name))];
  const head = name.length > 0 ? [0, 0xff, 0x03, ...vlq(name.length), ...name] : [];
  return head.concat(
    [0, 0xc0 | channel, track.program],
    controller(channel, VOLUME, track.volume, DEFAULT_VOLUME),
    controller(channel, PAN, track.pan, CENTER),
    timed(noteEvents(track, channel)),
    END_OF_TRACK,
  );
}

function controller(channel: number, number: number, value: number, usual: number): number[] {
  return value === usual ? [] : [0, 0xb0 | channel, number, value];
}

/** Note-ons and note-offs in order. Each is packed into one number, most significant first: tick,
 * off or on, pitch, velocity; so numbers sort as events do. */
function noteEvents(track: Track, channel: number): Timed[] {
  const packed = new Float64Array(track.notes.length * 2);
  track.notes.forEach(({ start, duration, pitch, velocity }, index) => {
    packed[2 * index] = ((start + duration) * 256 + pitch) * 128 + NOTE_OFF_VELOCITY;
    packed[2 * index + 1] = (start * 256 + 128 + pitch) * 128 + velocity;
  });
  return Array.from(packed.sort(), (event) => {
    const low = event % 32_768;
    const isOn = low >= 16_384;
    return {
      tick: Math.floor(event / 32_768),
      bytes: [(isOn ? 0x90 : 0x80) | channel, Math.floor(low / 128) % 128, low % 128],
    };
  });
}
