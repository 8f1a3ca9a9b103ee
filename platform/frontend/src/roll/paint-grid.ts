/** Rows, lines, keys and ruler on the lower canvas. */

import { drumName } from "../song/instruments.ts";
import { isBlackKey, pitchName } from "../song/words.ts";
import { barsWithin, linesOf } from "./grid.ts";
import { gridHeight, gridWidth } from "./layout.ts";
import { hatch, padlock } from "./marks.ts";
import type { Scene } from "./scene.ts";
import { visibleBox, widthOf, xOf, yOf } from "./view.ts";

type Pen = CanvasRenderingContext2D;

/** Lines nearer to each other than this many pixels are left out. */
const NEAREST = 9;
const BAR_NUMBER_ROOM = 34;
const LINES = { bar: 0.8, beat: 0.9, step: 0.45 };
/** Where the system chooses the colors, all lines have the color of text. */
const FORCED_LINES = { bar: 0.9, beat: 0.3, step: 0.12 };

/** A line of one pixel that is not blurred. */
const crisp = (value: number): number => Math.round(value) + 0.5;

export function paintRows(pen: Pen, scene: Scene): void {
  const { view, theme } = scene;
  const { low, high } = visibleBox(view);
  pen.fillStyle = theme.sheet;
  pen.fillRect(0, 0, view.width, view.height);
  pen.fillStyle = theme.hairline;
  pen.globalAlpha = theme.forced ? 0 : 0.34;
  for (let pitch = low; pitch <= high; pitch++) {
    if (isBlackKey(pitch)) pen.fillRect(0, yOf(view, pitch), view.width, view.rowHeight);
  }
  pen.globalAlpha = 1;
  paintOctaves(pen, scene, low, high);
}

/** A line below each C, and a fainter one below each F, where two white keys meet. */
function paintOctaves(pen: Pen, scene: Scene, low: number, high: number): void {
  const { view, theme } = scene;
  for (let pitch = low; pitch <= high; pitch++) {
    if (pitch % 12 !== 0 && pitch % 12 !== 5) continue;
    pen.globalAlpha = pitch % 12 === 0 ? 0.55 : theme.forced ? 0.2 : 0.8;
    pen.fillStyle = pitch % 12 === 0 ? theme.line : theme.hairline;
    pen.fillRect(0, Math.round(yOf(view, pitch) + view.rowHeight), view.width, 1);
  }
  pen.globalAlpha = 1;
}

export function paintLines(pen: Pen, scene: Scene, height: number): void {
  const { view, theme, project } = scene;
  const { from, until } = visibleBox(view);
  const strengths = theme.forced ? FORCED_LINES : LINES;
  const steps = widthOf(view, scene.snap) >= NEAREST ? scene.snap : 0;
  for (const bar of barsWithin(project.song, from, until)) {
    for (const line of linesOf(project.song, bar, steps)) {
      if (line.kind === "beat" && view.beatWidth < NEAREST) continue;
      pen.fillStyle = line.kind === "bar" ? theme.line : theme.hairline;
      pen.globalAlpha = strengths[line.kind];
      pen.fillRect(Math.round(xOf(view, line.tick)), 0, 1, height);
    }
  }
  pen.globalAlpha = 1;
}

/** Locked bars: a faint hatch over the grid. */
export function paintLockedBars(pen: Pen, scene: Scene): void {
  const { view, theme, project } = scene;
  if (project.lockedBars.size === 0) return;
  const { from, until } = visibleBox(view);
  for (const bar of barsWithin(project.song, from, until)) {
    if (!project.lockedBars.has(bar.number)) continue;
    const left = Math.max(xOf(view, bar.start), 0);
    const right = Math.min(xOf(view, bar.end), view.width);
    hatch(pen, { x: left, y: 0, w: right - left, h: view.height }, theme.line, 0.32);
  }
}

/** The ruler: bar numbers above, a tick for each beat, the loop as a bracket. */
export function paintRuler(pen: Pen, scene: Scene): void {
  const { layout, theme, view, project } = scene;
  const width = gridWidth(layout);
  pen.fillStyle = theme.paper;
  pen.fillRect(0, 0, width, layout.ruler);
  if (scene.loop) paintLoop(pen, scene, scene.loop.from, scene.loop.until);
  const every = numberEvery(scene);
  const { from, until } = visibleBox(view);
  pen.font = `500 14px ${theme.serif}`;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  for (const bar of barsWithin(project.song, from, until)) {
    const x = xOf(view, bar.start);
    pen.fillStyle = theme.line;
    pen.fillRect(Math.round(x), layout.ruler - 8, 1, 8);
    if ((bar.number - 1) % every !== 0) continue;
    pen.fillStyle = theme.ink;
    pen.fillText(String(bar.number), x + 5, layout.ruler / 2);
    if (project.lockedBars.has(bar.number)) {
      padlock(pen, x + 12 + 8 * String(bar.number).length, layout.ruler / 2, theme.muted);
    }
  }
  pen.fillStyle = theme.line;
  pen.fillRect(0, layout.ruler - 1, width, 1);
}

function numberEvery(scene: Scene): number {
  const [bar] = barsWithin(scene.project.song, scene.view.left, scene.view.left + 1);
  const width = bar ? widthOf(scene.view, bar.end - bar.start) : BAR_NUMBER_ROOM;
  let every = 1;
  while (width * every < BAR_NUMBER_ROOM) every *= 2;
  return every;
}

function paintLoop(pen: Pen, scene: Scene, from: number, until: number): void {
  const { view, layout, theme } = scene;
  const [left, right] = [xOf(view, from), xOf(view, until)];
  pen.fillStyle = theme.wash;
  pen.fillRect(left, 0, right - left, layout.ruler);
  pen.strokeStyle = theme.added;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(left + 1, layout.ruler - 2);
  pen.lineTo(left + 1, 3);
  pen.lineTo(right - 1, 3);
  pen.lineTo(right - 1, layout.ruler - 2);
  pen.stroke();
}

/** The keys: origin is the keyboard's top left corner. */
export function paintKeys(pen: Pen, scene: Scene): void {
  const { layout, theme, view, sounding } = scene;
  const { low, high } = visibleBox(view);
  const width = layout.keys;
  const drums = scene.shown[0]?.isDrum ?? false;
  pen.fillStyle = theme.sheet;
  pen.fillRect(0, 0, width, gridHeight(layout));
  for (let pitch = low; pitch <= high; pitch++) {
    const y = yOf(view, pitch);
    if (drums) paintDrum(pen, scene, pitch, y);
    else paintKey(pen, scene, pitch, y);
    if (sounding.has(pitch)) {
      pen.fillStyle = theme.added;
      pen.fillRect(width - 9, y + 1, 8, view.rowHeight - 2);
    }
  }
  pen.fillStyle = theme.line;
  pen.fillRect(width - 1, 0, 1, gridHeight(layout));
}

/** A drum's row by its name; where General MIDI has no drum, the row is empty. */
function paintDrum(pen: Pen, scene: Scene, pitch: number, y: number): void {
  const { layout, theme, view } = scene;
  const name = drumName(pitch);
  pen.fillStyle = theme.hairline;
  pen.fillRect(0, crisp(y + view.rowHeight) - 0.5, layout.keys, 1);
  if (name === null || view.rowHeight < 9) return;
  pen.font = keyFont(scene);
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  pen.fillStyle = scene.sounding.has(pitch) ? theme.ink : theme.muted;
  // Narrower letters rather than a name that is cut off.
  pen.fillText(name, 6, y + view.rowHeight / 2 + 0.5, layout.keys - 18);
}

function keyFont({ view, theme }: Scene): string {
  return `500 ${Math.min(Math.max(view.rowHeight - 3, 9), 12)}px ${theme.sans}`;
}

function paintKey(pen: Pen, scene: Scene, pitch: number, y: number): void {
  const { layout, theme, view } = scene;
  if (isBlackKey(pitch)) {
    pen.fillStyle = theme.ink;
    pen.globalAlpha = theme.forced ? 1 : 0.82;
    pen.fillRect(0, y + 0.5, layout.keys * 0.55, view.rowHeight - 1);
    pen.globalAlpha = 1;
    return;
  }
  if (pitch % 12 !== 0 && pitch % 12 !== 5) return;
  pen.fillStyle = pitch % 12 === 0 ? theme.line : theme.hairline;
  pen.fillRect(0, crisp(y + view.rowHeight) - 0.5, layout.keys, 1);
  if (pitch % 12 !== 0) return;
  pen.font = keyFont(scene);
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  pen.fillStyle = theme.muted;
  pen.fillText(pitchName(pitch), layout.keys - 11, y + view.rowHeight / 2 + 0.5);
}
