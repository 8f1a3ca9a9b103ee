/** Notes on a canvas, whose origin is the grid's top left corner. */
import type { Note, Track } from "../song/model.ts";
import { noteName } from "../song/words.ts";
import { isLocked } from "./locks.ts";
import { hatch, padlock, sign } from "./marks.ts";
import { type OverlayNote, orderOf, type Scene } from "./scene.ts";
import { rangeSounding } from "./sounding.ts";
import { textOn, trackColor } from "./theme.ts";
import { type View, visibleBox, widthOf, xOf, yOf } from "./view.ts";

type Pen = CanvasRenderingContext2D;

/** Loudness is shown in this many steps. */
const SHADES = 6;
/** Above this many notes in view, labels and round corners are left out. */
const DETAILED = 600;

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Where a note is drawn: a pixel of its row and of its end stay free. */
export function noteRect(view: View, note: OverlayNote): Rect {
  return {
    x: xOf(view, note.start) + 0.5,
    y: yOf(view, note.pitch) + 1,
    w: Math.max(widthOf(view, note.duration) - 1.5, 2),
    h: Math.max(view.rowHeight - 2, 2),
  };
}

export function addShape(pen: Pen, rect: Rect): void {
  const radius = Math.min(3, rect.w / 2, rect.h / 2);
  pen.roundRect(rect.x, rect.y, rect.w, rect.h, radius);
}

/** The notes of `track` that are in view. */
export function notesInView(view: View, notes: readonly Note[]): Note[] {
  const box = visibleBox(view);
  const [first, last] = rangeSounding(notes, box.from, box.until);
  const found: Note[] = [];
  for (let index = first; index < last; index++) {
    const note = notes[index];
    if (note && note.pitch >= box.low && note.pitch <= box.high) found.push(note);
  }
  return found;
}

/** Draw the shown tracks, the active one above the others; a comparison lets all of them recede. */
export function paintTracks(pen: Pen, scene: Scene): void {
  if (scene.ghost) paintGhost(pen, scene);
  const [active, ...others] = scene.shown;
  for (const track of others.reverse()) paintBehind(pen, scene, track);
  if (active) (scene.overlay ? paintBehind : paintActive)(pen, scene, active);
  if (scene.overlay) paintOverlay(pen, scene);
}

/** Many small shapes are drawn one by one: one path of thousands takes ten times as long. */
function fillShape(pen: Pen, rect: Rect, round: boolean): void {
  if (!round) {
    pen.fillRect(rect.x, rect.y, rect.w, rect.h);
    return;
  }
  pen.beginPath();
  addShape(pen, rect);
  pen.fill();
}

function paintBehind(pen: Pen, scene: Scene, track: Track): void {
  const notes = notesInView(scene.view, track.notes);
  const outlined = notes.length <= DETAILED || scene.theme.forced;
  const opacity = scene.theme.forced ? 0 : outlined ? 0.16 : 0.38;
  pen.fillStyle = trackColor(scene.theme, orderOf(scene.project, track));
  pen.strokeStyle = pen.fillStyle;
  pen.lineWidth = 1;
  for (const note of notes) {
    const { x, y, w, h } = noteRect(scene.view, note);
    pen.globalAlpha = opacity;
    pen.fillRect(x, y, w, h);
    if (!outlined) continue;
    pen.globalAlpha = 0.55;
    pen.strokeRect(x, y, w, h);
  }
  pen.globalAlpha = 1;
}

function paintActive(pen: Pen, scene: Scene, track: Track): void {
  const notes = notesInView(scene.view, track.notes);
  const color = trackColor(scene.theme, orderOf(scene.project, track));
  const detailed = notes.length <= DETAILED;
  pen.fillStyle = color;
  for (const note of notes) {
    pen.globalAlpha = opacityOf(scene, shadeOf(note.velocity));
    fillShape(pen, noteRect(scene.view, note), detailed);
  }
  pen.globalAlpha = 1;
  if (detailed) paintOutlines(pen, scene, notes, color);
  const inks = inksOf(scene, color);
  paintLocks(pen, scene, notes, inks);
  if (detailed && scene.view.rowHeight >= 13) paintNames(pen, scene, track, notes, inks);
}

/** A line in the full color, so that soft notes are seen as well as loud ones. */
function paintOutlines(pen: Pen, scene: Scene, notes: readonly Note[], color: string): void {
  pen.strokeStyle = color;
  pen.lineWidth = 1;
  for (const note of notes) {
    if (shadeOf(note.velocity) === SHADES - 1) continue;
    pen.beginPath();
    addShape(pen, noteRect(scene.view, note));
    pen.stroke();
  }
}

function shadeOf(velocity: number): number {
  return Math.min(Math.floor((velocity / 128) * SHADES), SHADES - 1);
}

function opacityOf(scene: Scene, shade: number): number {
  return scene.theme.forced ? 1 : 0.4 + (0.6 * shade) / (SHADES - 1);
}

/** For each shade, the color of what is written on it. */
function inksOf(scene: Scene, color: string): readonly string[] {
  const shades = Array.from({ length: SHADES }, (_, shade) => opacityOf(scene, shade));
  return shades.map((opacity) => textOn(scene.theme, color, opacity));
}

function paintNames(
  pen: Pen,
  scene: Scene,
  track: Track,
  notes: readonly Note[],
  inks: readonly string[],
): void {
  pen.font = `500 ${Math.min(scene.view.rowHeight - 4, 12)}px ${scene.theme.sans}`;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  for (const note of notes) {
    const rect = noteRect(scene.view, note);
    if (rect.w < 30) continue;
    pen.fillStyle = inks[shadeOf(note.velocity)] ?? scene.theme.ink;
    const at = isLocked(scene.project, note) ? 15 : 5;
    const name = noteName(scene.project.song, track, note);
    pen.fillText(name, rect.x + at, rect.y + rect.h / 2 + 0.5, rect.w - at - 2);
  }
}

function paintLocks(pen: Pen, scene: Scene, notes: readonly Note[], inks: readonly string[]): void {
  const { lockedNotes, lockedBars } = scene.project;
  if (lockedNotes.size === 0 && lockedBars.size === 0) return;
  for (const note of notes) {
    if (!isLocked(scene.project, note)) continue;
    const rect = noteRect(scene.view, note);
    hatch(pen, rect, scene.theme.sheet, 0.6);
    if (rect.w < 14 || rect.h < 8) continue;
    const ink = inks[shadeOf(note.velocity)] ?? scene.theme.ink;
    padlock(pen, rect.x + 7, rect.y + rect.h / 2, ink);
  }
}

function paintGhost(pen: Pen, scene: Scene): void {
  pen.strokeStyle = scene.theme.line;
  pen.lineWidth = 1;
  for (const track of scene.ghost?.song.tracks ?? []) {
    const notes = notesInView(scene.view, track.notes);
    // Dashes are costly; among many notes they are not seen anyway.
    pen.setLineDash(notes.length <= DETAILED ? [3, 2] : []);
    for (const note of notes) {
      const { x, y, w, h } = noteRect(scene.view, note);
      pen.strokeRect(x, y, w, h);
    }
  }
  pen.setLineDash([]);
}

function paintOverlay(pen: Pen, scene: Scene): void {
  for (const note of scene.overlay?.removed ?? []) paintRemoved(pen, scene, note);
  for (const note of scene.overlay?.added ?? []) paintAdded(pen, scene, note);
}

function inView(scene: Scene, rect: Rect): boolean {
  const { width, height } = scene.view;
  return rect.x < width && rect.x + rect.w > 0 && rect.y < height && rect.y + rect.h > 0;
}

/** Blue pencil: solid, with a plus. */
function paintAdded(pen: Pen, scene: Scene, note: OverlayNote): void {
  const rect = noteRect(scene.view, note);
  if (!inView(scene, rect)) return;
  pen.fillStyle = scene.theme.added;
  pen.beginPath();
  addShape(pen, rect);
  pen.fill();
  sign(pen, rect, "+", scene.theme.onPencil);
}

/** Red pencil: hatched, with a minus. */
function paintRemoved(pen: Pen, scene: Scene, note: OverlayNote): void {
  const rect = noteRect(scene.view, note);
  if (!inView(scene, rect)) return;
  pen.fillStyle = scene.theme.sheet;
  pen.strokeStyle = scene.theme.removed;
  pen.lineWidth = 1.5;
  pen.beginPath();
  addShape(pen, rect);
  pen.fill();
  hatch(pen, rect, scene.theme.removed, 0.55);
  pen.beginPath();
  addShape(pen, rect);
  pen.stroke();
  sign(pen, rect, "−", scene.theme.removed, scene.theme.sheet);
}
