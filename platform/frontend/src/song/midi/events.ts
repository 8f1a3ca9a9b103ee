/** A strict walk over the events of one track. */
import { t } from "../../lib/i18n.ts";
import { MidiProblem } from "./problem.ts";

/** What a walk meets; times are ticks from the start of the track. */
export interface Visitor {
  /** `status` is 0x80 to 0xEF; `b` is 0 for messages with one data byte. */
  onMessage(tick: number, status: number, a: number, b: number): void;
  onMeta(tick: number, kind: number, data: Uint8Array): void;
}

const META = 0xff;
const END_OF_TRACK = 0x2f;

class BadEvent extends Error {}

/** Visit all events until the end of the track; return its last tick.
 *
 * `number` (from 1) is for messages. Throws `MidiProblem` where an event is impossible or runs past
 * the end.
 */
export function walk(body: Uint8Array, number: number, visitor: Visitor): number {
  try {
    return new Walk(body, visitor).run();
  } catch (error) {
    if (error instanceof BadEvent) throw damaged(number, error.message);
    if (error instanceof RangeError) {
      throw damaged(number, t("an event runs past the end of the track"));
    }
    throw error;
  }
}

function damaged(number: number, what: string): MidiProblem {
  return new MidiProblem(
    "damaged",
    t("Track {number} is damaged: {what}. Export the file again from the program that made it.", {
      number,
      what,
    }),
  );
}

class Walk {
  readonly #body: Uint8Array;
  readonly #view: DataView;
  readonly #visitor: Visitor;
  #at = 0;
  #tick = 0;
  #running = 0;

  constructor(body: Uint8Array, visitor: Visitor) {
    this.#body = body;
    this.#view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.#visitor = visitor;
  }

  run(): number {
    while (this.#at < this.#body.length) {
      this.#tick += this.#length();
      const status = this.#view.getUint8(this.#at);
      if (status < 0xf0) this.#message(status);
      else this.#system(status);
    }
    return this.#tick;
  }

  /** A message, with its own status byte or with that of the one before it (running status). */
  #message(status: number): void {
    if (status >= 0x80) {
      this.#running = status;
      this.#at += 1;
    }
    const running = this.#running;
    if (running === 0) throw new BadEvent(t("a note has no status byte before it"));
    const a = this.#data();
    const hasOne = (running & 0xe0) === 0xc0;
    this.#visitor.onMessage(this.#tick, running, a, hasOne ? 0 : this.#data());
  }

  #system(status: number): void {
    this.#at += 1;
    if (status !== META && status !== 0xf0 && status !== 0xf7) {
      throw new BadEvent(
        t("the byte {status} begins no event in a file", {
          status: status.toString(16).toUpperCase(),
        }),
      );
    }
    const kind = status === META ? this.#byte() : null;
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#body.length) throw new RangeError();
    if (kind !== null && kind !== END_OF_TRACK) {
      this.#visitor.onMeta(this.#tick, kind, this.#body.subarray(this.#at, end));
    }
    this.#at = kind === END_OF_TRACK ? this.#body.length : end;
  }

  #byte(): number {
    const byte = this.#view.getUint8(this.#at);
    this.#at += 1;
    return byte;
  }

  #data(): number {
    const byte = this.#byte();
    if (byte < 0x80) return byte;
    throw new BadEvent(t("byte {at} of the track should be data below 128", { at: this.#at - 1 }));
  }

  /** A variable-length number of at most four bytes. */
  #length(): number {
    let value = 0;
    for (let count = 0; count < 4; count += 1) {
      const byte = this.#byte();
      value = (value << 7) | (byte & 127);
      if (byte < 0x80) return value;
    }
    throw new BadEvent(t("a length has more than four bytes"));
  }
}
