/** What one track of a file holds: its notes by channel and program, and changes for the whole song. */
import type { KeySignature, TempoChange, TimeSignature } from "../model.ts";
import type { Visitor } from "./events.ts";
import { decodeName } from "./names.ts";

export const DRUM_CHANNEL = 9;
export const VOLUME = 7;
export const PAN = 10;

const NAME = 0x03;
const TEMPO = 0x51;
const TIME_SIGNATURE = 0x58;
const KEY_SIGNATURE = 0x59;

/** A note in ticks of the file. */
export interface FoundNote {
  readonly start: number;
  readonly end: number;
  readonly pitch: number;
  readonly velocity: number;
}

/** The notes that one channel of a track plays with one program. */
export interface Part {
  readonly channel: number;
  readonly program: number;
  readonly notes: FoundNote[];
}

/** Changes as they come, in ticks of the file. */
export interface FoundChanges {
  readonly tempos: TempoChange[];
  readonly timeSignatures: TimeSignature[];
  readonly keySignatures: KeySignature[];
}

interface Sounding {
  readonly part: Part;
  readonly start: number;
  readonly velocity: number;
}

/** Notes of one pitch that have begun, oldest first; those before `next` have ended. */
interface Queue {
  readonly notes: Sounding[];
  next: number;
}

/** Collects notes and changes. A note-off ends the oldest note of its pitch; without one, a note is dropped. */
export class TrackReader implements Visitor {
  noteOns = 0;
  #rawName: Uint8Array = new Uint8Array();
  readonly #changes: FoundChanges;
  readonly #parts = new Map<number, Part>();
  readonly #programs = new Uint8Array(16);
  readonly #sounding = new Map<number, Queue>();
  /** First values of controllers by channel, until a part of the channel takes them over. */
  readonly #early = new Map<number, Map<number, number>>();
  /** First values of controllers by part. */
  readonly #settings = new Map<Part, Map<number, number>>();

  constructor(changes: FoundChanges) {
    this.#changes = changes;
  }

  /** The last name that the track gives itself, or "". */
  get name(): string {
    return decodeName(this.#rawName);
  }

  /** The parts with notes, by channel, then program. */
  get parts(): Part[] {
    const parts = [...this.#parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    return parts.filter((part) => part.notes.length > 0);
  }

  /** The first value that a controller was given for a part, if any. */
  setting(controller: number, part: Part): number | undefined {
    return this.#settings.get(part)?.get(controller);
  }

  onMessage(tick: number, status: number, a: number, b: number): void {
    const channel = status & 0x0f;
    switch (status & 0xf0) {
      case 0x90:
        if (b > 0) this.#noteOn(tick, channel, a, b);
        else this.#noteOff(tick, channel, a);
        break;
      case 0x80:
        this.#noteOff(tick, channel, a);
        break;
      case 0xb0:
        if (a === VOLUME || a === PAN) this.#set(channel, a, b);
        break;
      case 0xc0:
        this.#programs[channel] = a;
    }
  }

  onMeta(tick: number, kind: number, data: Uint8Array): void {
    const [a = 0, b = 0, c = 0] = data;
    if (kind === NAME) {
      this.#rawName = data;
    } else if (kind === TEMPO && data.length >= 3) {
      this.#changes.tempos.push({ tick, usPerBeat: (a << 16) | (b << 8) | c });
    } else if (kind === TIME_SIGNATURE && data.length >= 2 && a >= 1 && a <= 64 && b <= 6) {
      this.#changes.timeSignatures.push({ tick, numerator: a, denominator: 1 << b });
    } else if (kind === KEY_SIGNATURE && data.length >= 2) {
      const sharps = a < 128 ? a : a - 256;
      if (Math.abs(sharps) <= 7 && b <= 1) {
        this.#changes.keySignatures.push({ tick, sharps, isMinor: b === 1 });
      }
    }
  }

  #noteOn(start: number, channel: number, pitch: number, velocity: number): void {
    this.noteOns += 1;
    const queue = getOrMake(this.#sounding, (channel << 7) | pitch, () => ({ notes: [], next: 0 }));
    queue.notes.push({ part: this.#part(channel), start, velocity });
  }

  #noteOff(end: number, channel: number, pitch: number): void {
    const queue = this.#sounding.get((channel << 7) | pitch);
    const oldest = queue?.notes[queue.next];
    if (!queue || !oldest) return;
    queue.next += 1;
    const { part, start, velocity } = oldest;
    part.notes.push({ start, end, pitch, velocity });
  }

  #part(channel: number): Part {
    const program = this.#programs[channel] ?? 0;
    return getOrMake(this.#parts, (channel << 7) | program, () => {
      const part: Part = { channel, program, notes: [] };
      this.#settings.set(part, this.#early.get(channel) ?? new Map());
      this.#early.delete(channel);
      return part;
    });
  }

  /** Keep a controller's first value: the part's that plays, or the channel's before it does. */
  #set(channel: number, controller: number, value: number): void {
    const part = this.#parts.get((channel << 7) | (this.#programs[channel] ?? 0));
    const kept = part
      ? this.#settings.get(part)
      : getOrMake(this.#early, channel, () => new Map<number, number>());
    if (kept && !kept.has(controller)) kept.set(controller, value);
  }
}

function getOrMake<T>(map: Map<number, T>, key: number, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
