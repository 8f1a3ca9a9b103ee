/** Notes that were played by hand before their instrument had arrived. */
import type { PartId } from "./channels.ts";

interface EarlyNote {
  readonly part: PartId;
  readonly pitch: number;
  readonly velocity: number;
  /** Milliseconds. */
  readonly at: number;
  readonly until: number | null;
}

/** A note to play late; `seconds` is null while its key is still held. */
export interface LateNote extends Pick<EarlyNote, "part" | "pitch" | "velocity"> {
  readonly seconds: number | null;
}

/** A key that was let go longer ago than this is not played any more. */
const FORGOTTEN_MS = 2000;
const SHORTEST_SECONDS = 0.15;

export class EarlyNotes {
  #notes: EarlyNote[] = [];

  on(part: PartId, pitch: number, velocity: number, at: number): void {
    this.#notes.push({ part, pitch, velocity, at, until: null });
  }

  off(part: PartId, pitch: number, at: number): void {
    this.#notes = this.#notes.map((note) =>
      note.part === part && note.pitch === pitch && note.until === null
        ? { ...note, until: at }
        : note,
    );
  }

  clear(): void {
    this.#notes = [];
  }

  /** Give out the notes of the parts that are ready now. */
  take(isReady: (part: PartId) => boolean, now: number): LateNote[] {
    const ready = this.#notes.filter((note) => isReady(note.part));
    this.#notes = this.#notes.filter((note) => !isReady(note.part));
    return ready
      .filter((note) => note.until === null || now - note.until < FORGOTTEN_MS)
      .map(({ part, pitch, velocity, at, until }) => ({
        part,
        pitch,
        velocity,
        seconds: until === null ? null : Math.max((until - at) / 1000, SHORTEST_SECONDS),
      }));
  }
}
