/** Which part of the music the roll shows: how large its parts are, where it stands, how far it zooms. */
import { endTick, type Song, type Track } from "../song/model.ts";
import { barTicks, signatureAt } from "../song/time.ts";
import type { Desk } from "./desk.ts";
import { gridHeight, gridWidth, type Layout, layoutOf } from "./layout.ts";
import { bounded, opening, type View, zoomed } from "./view.ts";

/** Bars of room after the last note, and bars that are there at least. */
const ROOM_BARS = 4;
const LEAST_BARS = 16;

interface Shown {
  desk(): Desk;
  /** With previews, so that a note can be dragged beyond the end. */
  song(): Song;
  track(): Track | null;
  /** The view changed. */
  changed(): void;
}

export class Viewport {
  readonly #shown: Shown;
  #layout: Layout = layoutOf(1, 1, false);
  #view: View = { left: 0, top: 0, beatWidth: 48, rowHeight: 16, width: 1, height: 1 };
  #placed = false;

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  get layout(): Layout {
    return this.#layout;
  }

  get view(): View {
    return this.#view;
  }

  /** Scroll or zoom, within bounds. */
  look(view: View): void {
    const next = bounded(view, this.#end());
    const keys = Object.keys(next) as (keyof View)[];
    if (keys.every((key) => next[key] === this.#view[key])) return;
    this.#view = next;
    this.#shown.desk().set({ beatWidth: next.beatWidth, rowHeight: next.rowHeight });
    this.#shown.changed();
  }

  /** Zoom as far as the desk says, around the middle. */
  follow(): void {
    const { beatWidth, rowHeight } = this.#shown.desk().state;
    const view = this.#view;
    if (beatWidth === view.beatWidth && rowHeight === view.rowHeight) return;
    this.look(zoomed(view, { beatWidth, rowHeight }, view.width / 2, view.height / 2));
  }

  /** Fit a surface, in pixels. */
  fit(width: number, height: number): void {
    this.#layout = this.#layoutOf(width, height);
    this.#place();
    this.look({ ...this.#view, ...this.#size });
  }

  /** Whether the keys have another width now: those of drums have names, which need more room. */
  get isMisfit(): boolean {
    const { width, height, keys } = this.#layout;
    return width > 1 && this.#layoutOf(width, height).keys !== keys;
  }

  /** Begin anew with the middle of the music in view. */
  restart(): void {
    this.#placed = false;
    this.#place();
  }

  #layoutOf(width: number, height: number): Layout {
    const kind = this.#shown.track()?.isDrum ? "drums" : "piano";
    return layoutOf(width, height, matchMedia("(pointer: coarse)").matches, kind);
  }

  get #size() {
    return { width: gridWidth(this.#layout), height: gridHeight(this.#layout) };
  }

  #place(): void {
    if (this.#placed || this.#layout.width <= 1) return;
    this.#placed = true;
    const { beatWidth, rowHeight } = this.#shown.desk().state;
    const notes = this.#shown.track()?.notes ?? [];
    this.look(opening({ ...this.#size, beatWidth, rowHeight }, notes));
  }

  /** The tick up to which one can scroll. */
  #end(): number {
    const song = this.#shown.song();
    const last = endTick(song);
    const bar = barTicks(signatureAt(song, last));
    return Math.max(last + ROOM_BARS * bar, LEAST_BARS * bar);
  }
}
