/** Mouse, pen and fingers on the roll. */
import { noTrack } from "./commands.ts";
import { boxing, drawing, erasing, type Gesture, isDrag, moving, resizing } from "./gestures.ts";
import { panning, pinch, playing, ruling, strengthening } from "./gestures-around.ts";
import { firstHit, type Hit, type Point } from "./hit.ts";
import { inGrid, type Region, regionAt } from "./layout.ts";
import { type Ids, NONE, toggled } from "./sets.ts";
import type { Stage } from "./stage.ts";
import { pitchAt, scrolled, tickAt, zoomed } from "./view.ts";

/** A finger that rests this long on the empty grid draws a box instead of scrolling. */
const LONG_PRESS_MS = 420;
const FINGER = 8;
const ERASER = 32;
const RIGHT = 2;

/** Turns pointer events of `surface` into gestures on `stage`. */
export class Pointers {
  readonly #stage: Stage;
  readonly #surface: HTMLElement;
  readonly #fingers = new Map<number, Point>();
  #gesture: Gesture | null = null;
  #pointer = -1;
  #region: Region = "grid";
  #from: Point = { x: 0, y: 0 };
  #press = 0;

  constructor(stage: Stage, surface: HTMLElement) {
    this.#stage = stage;
    this.#surface = surface;
    surface.addEventListener("pointerdown", (event) => this.#down(event));
    surface.addEventListener("pointermove", (event) => this.#moved(event));
    surface.addEventListener("pointerup", (event) => this.#up(event));
    surface.addEventListener("pointercancel", (event) => this.#lost(event));
    surface.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    surface.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  /** End a drag without doing anything; tell whether there was one. */
  cancel(): boolean {
    const gesture = this.#gesture;
    clearTimeout(this.#press);
    this.#gesture = null;
    gesture?.cancel();
    return gesture !== null;
  }

  #down(event: PointerEvent): void {
    const at = this.#at(event);
    if (event.pointerType === "touch") {
      this.#fingers.set(event.pointerId, at);
      if (this.#fingers.size === 2) this.cancel();
    }
    if (this.#gesture || this.#fingers.size > 1) return;
    this.#pointer = event.pointerId;
    this.#region = regionAt(this.#stage.layout, at);
    this.#from = at;
    this.#surface.setPointerCapture(event.pointerId);
    this.#gesture = this.#begin(event, at);
  }

  #begin(event: PointerEvent, at: Point): Gesture | null {
    const point = this.#within(at);
    const track = this.#stage.desk.activeIn(this.#stage.document.committed.song);
    switch (this.#region) {
      case "ruler":
        return ruling(this.#stage, point);
      case "keys":
        return playing(this.#stage, point);
      case "lane":
        return track && strengthening(this.#stage, track, point);
      case "grid":
        return this.#onGrid(event, point);
      default:
        return null;
    }
  }

  #onGrid(event: PointerEvent, at: Point): Gesture | null {
    const { desk, document, view } = this.#stage;
    this.#stage.point(tickAt(view, at.x), pitchAt(view, at.y));
    const erase = event.button === RIGHT || (event.buttons & ERASER) !== 0;
    if (erase || desk.state.tool === "erase") return erasing(this.#stage, at);
    const shown = desk.shownIn(document.committed.song);
    const tracks = desk.state.tool === "select" ? shown : shown.slice(0, 1);
    const hit = firstHit(view, tracks, at, event.pointerType === "touch" ? FINGER : 0);
    if (hit) return this.#onNote(event, hit, at);
    if (desk.state.tool === "draw") {
      const [active] = shown;
      if (active) return drawing(this.#stage, active, at);
      this.#stage.say(noTrack());
      return null;
    }
    return this.#onNothing(event, at);
  }

  #onNote(event: PointerEvent, hit: Hit, at: Point): Gesture | null {
    const { desk } = this.#stage;
    const { selection } = desk.state;
    desk.set({ activeTrack: hit.track.id });
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      desk.set({ selection: toggled(selection, hit.note.id) });
      return null;
    }
    const ids: Ids = selection.has(hit.note.id) ? selection : new Set([hit.note.id]);
    desk.set({ selection: ids, velocity: hit.note.velocity });
    const begin = hit.part === "edge" ? resizing : moving;
    return begin(this.#stage, hit, ids, at);
  }

  #onNothing(event: PointerEvent, at: Point): Gesture {
    const { selection } = this.#stage.desk.state;
    const before = event.shiftKey ? selection : NONE;
    this.#stage.desk.set({ selection: before });
    if (event.pointerType !== "touch") return boxing(this.#stage, at, before);
    this.#press = window.setTimeout(() => {
      this.#gesture = boxing(this.#stage, at, before);
      this.#gesture.move(at, false);
    }, LONG_PRESS_MS);
    return panning(this.#stage, at);
  }

  #moved(event: PointerEvent): void {
    const at = this.#at(event);
    if (this.#fingers.size === 2 && this.#fingers.has(event.pointerId)) {
      this.#pinched(event.pointerId, at);
    } else if (this.#gesture && event.pointerId === this.#pointer) {
      if (isDrag(this.#from, at)) clearTimeout(this.#press);
      this.#follow(at);
      this.#gesture.move(this.#within(at), event.altKey);
    } else if (!this.#gesture) {
      this.#surface.style.cursor = this.#cursorAt(at);
    }
    if (this.#fingers.has(event.pointerId)) this.#fingers.set(event.pointerId, at);
  }

  #pinched(id: number, at: Point): void {
    const ids = [...this.#fingers.keys()];
    const points = ids.map((finger) => inGrid(this.#stage.layout, this.#fingers.get(finger) ?? at));
    const after = ids.map((finger, index) =>
      finger === id ? inGrid(this.#stage.layout, at) : (points[index] ?? at),
    );
    pinch(this.#stage, points as [Point, Point], after as [Point, Point]);
  }

  /** Scroll along when a drag of notes or of a box leaves the grid. */
  #follow(at: Point): void {
    const { view, layout } = this.#stage;
    const point = inGrid(layout, at);
    if (this.#region === "keys" || this.#region === "corner") return;
    const beyond = (value: number, size: number): number =>
      value < 0 ? Math.max(value, -24) : Math.min(Math.max(value - size, 0), 24);
    const dx = beyond(point.x, view.width);
    const dy = this.#region === "grid" ? beyond(point.y, view.height) : 0;
    if (dx !== 0 || dy !== 0) this.#stage.look(scrolled(view, dx, dy));
  }

  #up(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (event.pointerId !== this.#pointer) return;
    clearTimeout(this.#press);
    const gesture = this.#gesture;
    this.#gesture = null;
    gesture?.end();
  }

  #lost(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (event.pointerId === this.#pointer) this.cancel();
  }

  #wheel(event: WheelEvent): void {
    const { view } = this.#stage;
    const point = inGrid(this.#stage.layout, this.#at(event));
    if (event.ctrlKey || event.metaKey) {
      const factor = 2 ** (-event.deltaY / (event.deltaMode === 0 ? 200 : 6));
      const to = event.altKey
        ? { rowHeight: view.rowHeight * factor }
        : { beatWidth: view.beatWidth * factor };
      event.preventDefault();
      this.#stage.look(zoomed(view, to, point.x, point.y));
      return;
    }
    const unit = event.deltaMode === 0 ? 1 : 20;
    const [dx, dy] = event.shiftKey ? [event.deltaY, event.deltaX] : [event.deltaX, event.deltaY];
    this.#stage.look(scrolled(view, dx * unit, dy * unit));
    // At its end the roll lets the page scroll.
    if (this.#stage.view !== view) event.preventDefault();
  }

  #cursorAt(at: Point): string {
    const region = regionAt(this.#stage.layout, at);
    if (region === "ruler" || region === "keys") return "pointer";
    if (region === "lane") return "ns-resize";
    if (region !== "grid") return "default";
    const { desk, document, view } = this.#stage;
    const shown = desk.shownIn(document.committed.song);
    const tracks = desk.state.tool === "select" ? shown : shown.slice(0, 1);
    const hit = firstHit(view, tracks, inGrid(this.#stage.layout, at));
    if (desk.state.tool === "erase") return hit ? "not-allowed" : "default";
    if (hit) return hit.part === "edge" ? "ew-resize" : "grab";
    return desk.state.tool === "draw" ? "crosshair" : "default";
  }

  /** A point of the surface in the terms of the region where the drag began. */
  #within(at: Point): Point {
    const { layout } = this.#stage;
    const point = inGrid(layout, at);
    if (this.#region !== "lane") return point;
    return { x: point.x, y: at.y - (layout.height - layout.lane) };
  }

  #at(event: MouseEvent): Point {
    const box = this.#surface.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
