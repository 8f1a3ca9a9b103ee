/** Drags: each previews what it will do, and does it as one command at its end. */
import { t } from "../lib/i18n.ts";
import type { Change } from "../song/document.ts";
import { endOf, type NewNote, type Track } from "../song/model.ts";
import * as commands from "./commands.ts";
import { snapDown, snapTo } from "./grid.ts";
import { firstHit, type Hit, notesInBox, type Point } from "./hit.ts";
import { type Ids, NONE, union } from "./sets.ts";
import type { Stage } from "./stage.ts";
import { pitchAt, tickAt } from "./view.ts";

export interface Gesture {
  /** `free`: without the grid. */
  move(at: Point, free: boolean): void;
  end(): void;
  /** End without doing anything. */
  cancel(): void;
}

/** A pointer that moves less than this many pixels clicks. */
export const SLACK = 4;

export const isDrag = (a: Point, b: Point): boolean => Math.hypot(a.x - b.x, a.y - b.y) > SLACK;

/** What ends a drag of notes: the previews, and the command that follows them. */
function previewed(
  stage: Stage,
  onMove: (at: Point, free: boolean) => Change | null,
  onEnd: () => string | null,
): Gesture {
  return {
    move: (at, free) => stage.document.preview(onMove(at, free)),
    end: () => {
      stage.document.preview(null);
      const said = onEnd();
      if (said) stage.say(said);
    },
    cancel: () => stage.document.preview(null),
  };
}

/** Draw a note: a click gives it the current length, a drag to the right its own. */
export function drawing(stage: Stage, track: Track, from: Point): Gesture {
  const { song } = stage.document.committed;
  const { snap, noteLength, velocity } = stage.desk.state;
  const start = snapDown(song, tickAt(stage.view, from.x), snap);
  let note: NewNote = { start, pitch: pitchAt(stage.view, from.y), duration: noteLength, velocity };
  let dragged = false;
  stage.sound(note.pitch, true, velocity);
  const gesture = previewed(
    stage,
    (at, free) => {
      dragged ||= isDrag(from, at);
      if (dragged) note = { ...note, duration: dragLength(stage, start, at, free ? 0 : snap) };
      return commands.drawing(track.id, note);
    },
    () => {
      const { nextId } = stage.document.committed.song;
      const said = commands.draw(stage.document, track.id, note);
      if (said !== commands.locked()) {
        stage.desk.set({ selection: new Set([nextId]), noteLength: note.duration });
      }
      return said;
    },
  );
  gesture.move(from, false);
  return silencing(stage, note.pitch, gesture);
}

function dragLength(stage: Stage, start: number, at: Point, snap: number): number {
  const tick = tickAt(stage.view, at.x);
  const end = snapTo(stage.document.committed.song, tick + snap / 3, snap);
  return Math.max(end - start, snap, 1);
}

/** The same gesture, after which `pitch` is silent. */
function silencing(stage: Stage, pitch: number, gesture: Gesture): Gesture {
  const quiet = (after: () => void) => () => {
    stage.sound(pitch, false);
    after();
  };
  return { move: gesture.move, end: quiet(gesture.end), cancel: quiet(gesture.cancel) };
}

/** Move `ids` by the note that was grabbed. A click chooses that note alone. */
export function moving(stage: Stage, hit: Hit, ids: Ids, from: Point): Gesture {
  const { song } = stage.document.committed;
  const grabbed = { tick: tickAt(stage.view, from.x), pitch: pitchAt(stage.view, from.y) };
  let ticks = 0;
  let semitones = 0;
  let sounding = hit.note.pitch;
  let dragged = false;
  stage.sound(sounding, true, hit.note.velocity);
  const gesture = previewed(
    stage,
    (at, free) => {
      dragged ||= isDrag(from, at);
      if (!dragged) return null;
      const to = hit.note.start + tickAt(stage.view, at.x) - grabbed.tick;
      const snap = free ? 0 : stage.desk.state.snap;
      ticks = steppedTo(song, hit.note.start, to, snap) - hit.note.start;
      semitones = pitchAt(stage.view, at.y) - grabbed.pitch;
      sounding = changeSound(stage, sounding, hit.note.pitch + semitones, hit.note.velocity);
      return commands.moving(ids, ticks, semitones);
    },
    () => {
      stage.sound(sounding, false);
      if (!dragged) stage.desk.set({ selection: new Set([hit.note.id]) });
      if (ticks === 0 && semitones === 0) return null;
      return commands.move(stage.document, ids, ticks, semitones);
    },
  );
  const cancel = () => {
    stage.sound(sounding, false);
    gesture.cancel();
  };
  return { ...gesture, cancel };
}

/** The grid point near `to`; a note that stands off the grid may also stay where it is. */
function steppedTo(
  song: Parameters<typeof snapTo>[0],
  start: number,
  to: number,
  snap: number,
): number {
  const target = snapTo(song, to, snap);
  return Math.abs(to - start) < Math.abs(to - target) ? start : target;
}

function changeSound(stage: Stage, from: number, to: number, velocity: number): number {
  if (from === to || to < 0 || to > 127) return from;
  stage.sound(from, false);
  stage.sound(to, true, velocity);
  return to;
}

/** Make `ids` longer or shorter by the right edge of the note that was grabbed. */
export function resizing(stage: Stage, hit: Hit, ids: Ids, from: Point): Gesture {
  const { song } = stage.document.committed;
  const end = endOf(hit.note);
  const least = Math.max(Math.min(stage.desk.state.snap, hit.note.duration), 1);
  let ticks = 0;
  return previewed(
    stage,
    (at, free) => {
      if (!isDrag(from, at) && ticks === 0) return null;
      const to = end + tickAt(stage.view, at.x) - tickAt(stage.view, from.x);
      const snapped = snapTo(song, to, free ? 0 : stage.desk.state.snap);
      ticks = Math.max(snapped, hit.note.start + least) - end;
      return commands.resizing(ids, ticks, least);
    },
    () => {
      if (ticks === 0) return null;
      stage.desk.set({ noteLength: hit.note.duration + ticks });
      return commands.resize(stage.document, ids, ticks, least);
    },
  );
}

/** Delete every note that the pointer crosses. */
export function erasing(stage: Stage, from: Point): Gesture {
  let ids: Ids = NONE;
  const gesture = previewed(
    stage,
    (at) => {
      const { song } = stage.document.committed;
      const hit = firstHit(stage.view, stage.desk.shownIn(song).slice(0, 1), at);
      if (hit) ids = union(ids, [hit.note.id]);
      return commands.removing(ids);
    },
    () => (ids.size > 0 ? commands.remove(stage.document, ids) : null),
  );
  gesture.move(from, false);
  return gesture;
}

/** Choose the notes of the active track within a box, besides those of `before`. */
export function boxing(stage: Stage, from: Point, before: Ids): Gesture {
  return {
    move: (at) => {
      stage.showBox(from, at);
      const track = stage.desk.activeIn(stage.document.project.song);
      const found = track ? notesInBox(stage.view, track, from, at) : [];
      stage.desk.set({
        selection: union(
          before,
          found.map((note) => note.id),
        ),
      });
    },
    end: () => {
      stage.hideBox();
      stage.say(t("{count} selected.", { count: stage.desk.state.selection.size }));
    },
    cancel: () => {
      stage.hideBox();
      stage.desk.set({ selection: before });
    },
  };
}
