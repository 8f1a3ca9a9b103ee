/**
 * What the roll, its toolbar, the tracks and the tables share besides the document: which track is
 * worked on, with which tool and grid, and what is chosen. None of it is undone.
 */
import type { Clip } from "../song/clipboard.ts";
import { type Song, TICKS_PER_BEAT, type Track } from "../song/model.ts";
import { equal, type Ids, NONE } from "./sets.ts";

export type Tool = "draw" | "select" | "erase";

/** A stretch of time that is played again and again: from `from` until just before `until`. */
export interface Loop {
  readonly from: number;
  readonly until: number;
}

export interface DeskState {
  /** Null: the first track of the song. */
  readonly activeTrack: number | null;
  /** Tracks that are drawn besides the active one; null: all. */
  readonly shownTracks: Ids | null;
  readonly tool: Tool;
  /** Ticks of the grid; 0: off. */
  readonly snap: number;
  /** Ticks of a note that is drawn by one click. */
  readonly noteLength: number;
  /** Of notes that are drawn. */
  readonly velocity: number;
  /** Pixels of a beat. */
  readonly beatWidth: number;
  /** Pixels of a semitone. */
  readonly rowHeight: number;
  readonly selection: Ids;
  readonly clip: Clip | null;
  readonly loop: Loop | null;
}

const START: DeskState = {
  activeTrack: null,
  shownTracks: null,
  tool: "draw",
  snap: TICKS_PER_BEAT / 4,
  noteLength: TICKS_PER_BEAT,
  velocity: 90,
  beatWidth: 48,
  rowHeight: 16,
  selection: NONE,
  clip: null,
  loop: null,
};

export class Desk {
  #state: DeskState;
  readonly #listeners = new Set<() => void>();

  constructor(start: Partial<DeskState> = {}) {
    this.#state = { ...START, ...start };
  }

  get state(): DeskState {
    return this.#state;
  }

  /** Change some of the state; listeners hear of it only if something differs. */
  set(change: Partial<DeskState>): void {
    const selection = change.selection;
    const same = selection !== undefined && equal(selection, this.#state.selection);
    const next = { ...this.#state, ...change, ...(same && { selection: this.#state.selection }) };
    const keys = Object.keys(next) as (keyof DeskState)[];
    if (keys.every((key) => next[key] === this.#state[key])) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }

  /** Call `listener` after every change; the answer ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The track that is worked on, if the song has one. */
  activeIn(song: Song): Track | null {
    const active = song.tracks.find((track) => track.id === this.#state.activeTrack);
    return active ?? song.tracks[0] ?? null;
  }

  /** The tracks that are drawn, the active one first. */
  shownIn(song: Song): Track[] {
    const active = this.activeIn(song);
    const shown = this.#state.shownTracks;
    const others = song.tracks.filter((t) => t !== active && (shown === null || shown.has(t.id)));
    return active ? [active, ...others] : [];
  }
}
