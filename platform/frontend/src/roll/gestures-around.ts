/** Drags around the grid: ruler, keys, velocity lane, and scrolling by finger. */
import type { Track } from "../song/model.ts";
import * as commands from "./commands.ts";
import { type Gesture, isDrag } from "./gestures.ts";
import { snapTo } from "./grid.ts";
import { barsBetween, type Point } from "./hit.ts";
import { velocityAt } from "./layout.ts";
import type { Stage } from "./stage.ts";
import { pitchAt, scrolled, tickAt, zoomed } from "./view.ts";

/** A click seeks, a drag sets the loop. */
export function ruling(stage: Stage, from: Point): Gesture {
  const { song } = stage.document.committed;
  const before = stage.desk.state.loop;
  const place = (x: number, free: boolean): number =>
    snapTo(song, tickAt(stage.view, x), free ? 0 : stage.desk.state.snap);
  const start = tickAt(stage.view, from.x);
  let loop = before;
  let dragged = false;
  return {
    move: (at, free) => {
      dragged ||= isDrag(from, at);
      if (!dragged) return;
      const [a, b] = [snapTo(song, start, free ? 0 : stage.desk.state.snap), place(at.x, free)];
      loop = a === b ? null : { from: Math.min(a, b), until: Math.max(a, b) };
      stage.desk.set({ loop });
    },
    end: () => {
      if (!dragged) stage.seek(place(from.x, false));
      else if (loop) stage.setLoop(loop.from, loop.until);
      else stage.desk.set({ loop: before });
    },
    cancel: () => stage.desk.set({ loop: before }),
  };
}

/** Play the keys; sliding goes from one to the next. */
export function playing(stage: Stage, from: Point): Gesture {
  let sounding = pitchAt(stage.view, from.y);
  stage.sound(sounding, true);
  const stop = () => stage.sound(sounding, false);
  return {
    move: (at) => {
      const pitch = pitchAt(stage.view, at.y);
      if (pitch === sounding) return;
      stop();
      sounding = pitch;
      stage.sound(pitch, true);
    },
    end: stop,
    cancel: stop,
  };
}

/**
 * Paint velocities over the bars of the lane. `y` counts from the lane's top.
 *
 * A bar of a selection takes the others with it, by the same amount.
 */
export function strengthening(stage: Stage, track: Track, from: Point): Gesture {
  const painted = new Map<number, number>();
  const { selection } = stage.desk.state;
  const [first] = barsBetween(stage.view, track, from.x, from.x);
  const group = first && selection.has(first.id) && selection.size > 1 ? first : null;
  let last = from;
  const gesture: Gesture = {
    move: (at) => {
      const velocity = velocityAt(stage.layout, at.y);
      if (group) shiftAll(painted, track, selection, velocity - group.velocity);
      else
        for (const note of barsBetween(stage.view, track, last.x, at.x))
          painted.set(note.id, velocity);
      last = at;
      stage.document.preview(commands.paintedVelocities(painted));
    },
    end: () => {
      stage.document.preview(null);
      if (painted.size > 0) stage.say(commands.paintVelocities(stage.document, painted));
    },
    cancel: () => stage.document.preview(null),
  };
  gesture.move(from, false);
  return gesture;
}

function shiftAll(
  painted: Map<number, number>,
  track: Track,
  ids: ReadonlySet<number>,
  by: number,
): void {
  for (const note of track.notes) if (ids.has(note.id)) painted.set(note.id, note.velocity + by);
}

/** Scroll by one finger. */
export function panning(stage: Stage, from: Point): Gesture {
  let last = from;
  return {
    move: (at) => {
      stage.look(scrolled(stage.view, last.x - at.x, last.y - at.y));
      last = at;
    },
    end: () => undefined,
    cancel: () => undefined,
  };
}

/** Zoom and scroll by two fingers; each call is one step from `before` to `after`. */
export function pinch(
  stage: Stage,
  before: readonly [Point, Point],
  after: readonly [Point, Point],
): void {
  const spread = ([a, b]: readonly [Point, Point]) => ({
    x: Math.abs(a.x - b.x),
    y: Math.abs(a.y - b.y),
  });
  const middle = ([a, b]: readonly [Point, Point]): Point => ({
    x: (a.x + b.x) / 2,
    y: (a.y + b.y) / 2,
  });
  const [was, is] = [spread(before), spread(after)];
  const [from, to] = [middle(before), middle(after)];
  const ratio = (a: number, b: number): number => (a > 24 && b > 24 ? b / a : 1);
  const moved = scrolled(stage.view, from.x - to.x, from.y - to.y);
  const beatWidth = moved.beatWidth * ratio(was.x, is.x);
  const rowHeight = moved.rowHeight * ratio(was.y, is.y);
  stage.look(zoomed(moved, { beatWidth, rowHeight }, to.x, to.y));
}
