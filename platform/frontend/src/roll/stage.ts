/** What gestures and keys may do to the roll that they work on. */
import type { StudioDocument } from "../song/document.ts";
import type { Desk } from "./desk.ts";
import type { Point } from "./hit.ts";
import type { Layout } from "./layout.ts";
import type { View } from "./view.ts";

export interface Stage {
  readonly document: StudioDocument;
  readonly desk: Desk;
  readonly layout: Layout;
  readonly view: View;
  /** Scroll or zoom; kept within bounds. */
  look(view: View): void;
  /** Announce a sentence to screen readers. Soon followed by another, it is dropped. */
  say(text: string): void;
  /** Let a pitch of the active track sound or stop. */
  sound(pitch: number, on: boolean, velocity?: number): void;
  /** Show the box that is being drawn, in pixels of the grid. */
  showBox(from: Point, to: Point): void;
  hideBox(): void;
  /** Put the keyboard's cursor where the pointer was. */
  point(tick: number, pitch: number): void;
  seek(tick: number): void;
  setLoop(from: number, until: number): void;
  leave(): void;
}
