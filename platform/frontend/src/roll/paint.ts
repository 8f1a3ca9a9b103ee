/** The two canvases of the roll: the music below, what moves quickly above. */
import type { Note } from "../song/model.ts";
import { gridHeight, gridWidth, type Layout, laneY } from "./layout.ts";
import { paintKeys, paintLines, paintLockedBars, paintRows, paintRuler } from "./paint-grid.ts";
import { noteRect, notesInView, paintTracks, type Rect } from "./paint-notes.ts";
import { orderOf, type Scene } from "./scene.ts";
import type { Ids } from "./sets.ts";
import { trackColor } from "./theme.ts";
import { PITCHES, type View, widthOf, xOf, yOf } from "./view.ts";

type Pen = CanvasRenderingContext2D;

/** What the upper canvas shows. */
export interface Above {
  readonly playhead: number | null;
  readonly selection: Ids;
  /** A box that is being drawn, in pixels of the grid. */
  readonly box: { x1: number; y1: number; x2: number; y2: number } | null;
  /** The cell of the keyboard's cursor. */
  readonly cursor: { tick: number; pitch: number; ticks: number } | null;
}

/** Draw within a rectangle whose top left corner becomes the origin. */
function within(pen: Pen, x: number, y: number, w: number, h: number, draw: () => void): void {
  pen.save();
  pen.translate(x, y);
  pen.beginPath();
  pen.rect(0, 0, w, h);
  pen.clip();
  draw();
  pen.restore();
}

/** Draw grid, notes, keys, ruler and lane. */
export function paintMusic(pen: Pen, scene: Scene): void {
  const { layout, theme } = scene;
  const [w, h] = [gridWidth(layout), gridHeight(layout)];
  pen.fillStyle = theme.paper;
  pen.fillRect(0, 0, layout.keys, layout.ruler);
  pen.fillRect(0, layout.height - layout.lane, layout.keys, layout.lane);
  within(pen, layout.keys, layout.ruler, w, h, () => {
    paintRows(pen, scene);
    paintLines(pen, scene, h);
    paintLockedBars(pen, scene);
    paintTracks(pen, scene);
  });
  within(pen, 0, layout.ruler, layout.keys, h, () => paintKeys(pen, scene));
  within(pen, layout.keys, 0, w, layout.ruler, () => paintRuler(pen, scene));
  if (layout.lane > 0) {
    const top = layout.height - layout.lane;
    within(pen, 0, top, layout.width, layout.lane, () => paintLane(pen, scene));
  }
}

/** The velocity lane: a bar with a head at each note's start. */
function paintLane(pen: Pen, scene: Scene): void {
  const { layout, theme } = scene;
  pen.fillStyle = theme.line;
  pen.fillRect(0, 0, layout.width, 1);
  pen.fillStyle = theme.muted;
  pen.font = `500 11px ${theme.sans}`;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  pen.fillText("127", layout.keys - 6, laneY(layout, 127) + 3);
  pen.fillText("1", layout.keys - 6, laneY(layout, 0) - 3);
  within(pen, layout.keys, 1, gridWidth(layout), layout.lane - 1, () => {
    pen.fillStyle = theme.sheet;
    pen.fillRect(0, 0, layout.width, layout.lane);
    paintLines(pen, scene, layout.lane);
    const [active] = scene.shown;
    if (!active) return;
    pen.fillStyle = trackColor(theme, orderOf(scene.project, active));
    paintBars(pen, scene.view, layout, active.notes);
  });
}

function paintBars(pen: Pen, view: View, layout: Layout, notes: readonly Note[]): void {
  const anyPitch = { ...view, top: 0, height: PITCHES * view.rowHeight };
  for (const note of notesInView(anyPitch, notes)) {
    const x = Math.round(xOf(view, note.start));
    const y = laneY(layout, note.velocity);
    pen.fillRect(x, y, 2, layout.lane - y);
    pen.fillRect(x - 1, y - 2, 6, 4);
  }
}

/** Draw playhead, selection, box and cursor on a canvas that was cleared. */
export function paintAbove(pen: Pen, scene: Scene, above: Above): void {
  const { layout } = scene;
  const [w, h] = [gridWidth(layout), gridHeight(layout)];
  within(pen, layout.keys, layout.ruler, w, h, () => {
    paintSelection(pen, scene, above.selection);
    if (above.cursor) paintCursor(pen, scene, above.cursor);
    if (above.box) paintBox(pen, scene, above.box);
  });
  if (layout.lane > 0) {
    within(pen, layout.keys, layout.height - layout.lane, w, layout.lane, () =>
      paintChosenBars(pen, scene, above.selection),
    );
  }
  if (above.playhead !== null) {
    const at = above.playhead;
    within(pen, layout.keys, 0, w, layout.height, () => paintPlayhead(pen, scene, at));
  }
}

function chosenInView(scene: Scene, selection: Ids): Note[] {
  if (selection.size === 0) return [];
  return scene.shown.flatMap((track) =>
    notesInView(scene.view, track.notes).filter((note) => selection.has(note.id)),
  );
}

/** Chosen notes: a ring in ink around a ring of the sheet, so that it shows on every color. */
function paintSelection(pen: Pen, scene: Scene, selection: Ids): void {
  for (const note of chosenInView(scene, selection)) {
    const { x, y, w, h } = noteRect(scene.view, note);
    ring(pen, { x, y, w, h }, 1, scene.theme.sheet);
    ring(pen, { x: x - 1, y: y - 1, w: w + 2, h: h + 2 }, 2, scene.theme.ink);
  }
}

function ring(pen: Pen, rect: Rect, width: number, color: string): void {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.strokeRect(rect.x, rect.y, rect.w, rect.h);
}

function paintChosenBars(pen: Pen, scene: Scene, selection: Ids): void {
  const [active] = scene.shown;
  if (!active || selection.size === 0) return;
  const chosen = active.notes.filter((note) => selection.has(note.id));
  pen.fillStyle = scene.theme.ink;
  paintBars(pen, scene.view, scene.layout, chosen);
}

function paintCursor(pen: Pen, scene: Scene, at: NonNullable<Above["cursor"]>): void {
  const { view, theme } = scene;
  const x = xOf(view, at.tick);
  const y = yOf(view, at.pitch);
  pen.fillStyle = theme.gold;
  pen.globalAlpha = theme.forced ? 0 : 0.14;
  pen.fillRect(0, y, view.width, view.rowHeight);
  pen.fillRect(x, 0, widthOf(view, at.ticks), view.height);
  pen.globalAlpha = 1;
  pen.strokeStyle = theme.ink;
  pen.lineWidth = 2;
  pen.strokeRect(x, y, Math.max(widthOf(view, at.ticks), 4), view.rowHeight);
}

function paintBox(pen: Pen, scene: Scene, box: NonNullable<Above["box"]>): void {
  pen.strokeStyle = scene.theme.added;
  pen.fillStyle = scene.theme.added;
  pen.globalAlpha = scene.theme.forced ? 0 : 0.08;
  pen.fillRect(box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1);
  pen.globalAlpha = 1;
  pen.lineWidth = 1;
  pen.setLineDash([4, 3]);
  pen.strokeRect(box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1);
  pen.setLineDash([]);
}

function paintPlayhead(pen: Pen, scene: Scene, tick: number): void {
  const { layout, theme, view } = scene;
  const x = xOf(view, tick);
  pen.fillStyle = theme.ink;
  pen.fillRect(x - 0.75, layout.ruler - 6, 1.5, layout.height);
  pen.beginPath();
  pen.moveTo(x - 6, layout.ruler - 12);
  pen.lineTo(x + 6, layout.ruler - 12);
  pen.lineTo(x, layout.ruler - 3);
  pen.fill();
}
