/**
 * What sounds when: the notes and clicks of a project on a clock that only goes forward.
 *
 * Nothing here knows Web Audio. `advance` is called again and again with a time a little ahead of
 * the clock. It reads the project as it is at that moment, so edits ahead of it are heard and
 * notes that were taken away are ended.
 */
import {
  audibleTracks,
  endOf,
  type Note,
  type Project,
  TICKS_PER_BEAT,
  type Track,
} from "../song/model.ts";
import { clicksBetween, leadInClicks } from "./clicks.ts";

export interface Loop {
  readonly start: number;
  /** Exclusive, and after `start`. */
  readonly end: number;
}

/** What is played, and how. */
export interface View {
  readonly project: Project;
  readonly loop: Loop | null;
  /** 1 is as written, 0.5 half as fast. */
  readonly speed: number;
  readonly hasClicks: boolean;
}

/** Times are seconds of the audio clock; `part` is the track's id. */
export type Action =
  | { kind: "off"; time: number; part: number; pitch: number; noteId: number }
  | { kind: "click"; time: number; isStrong: boolean }
  | { kind: "on"; time: number; part: number; pitch: number; velocity: number; noteId: number };

export interface Start {
  /** Seconds of the audio clock at which the count-in, if any, begins. */
  readonly time: number;
  readonly tick: number;
  /** Ticks of clicks, without notes, before `tick`. */
  readonly leadIn?: number;
}

/** A piece of music without a change of tempo, played from one time to another. */
interface Stretch {
  readonly time: number;
  readonly tick: number;
  readonly endTime: number;
  readonly endTick: number;
  readonly secondsPerTick: number;
}

interface Sounding {
  readonly part: number;
  readonly pitch: number;
  readonly start: number;
}

const KEPT_SECONDS = 10;
const ORDER = { off: 0, click: 1, on: 2 } as const;

export class Scheduler {
  #time: number;
  #tick: number;
  readonly #from: number;
  readonly #sounding = new Map<number, Sounding>();
  #stretches: Stretch[] = [];

  constructor(start: Start) {
    this.#time = start.time;
    this.#from = start.tick;
    this.#tick = start.tick - (start.leadIn ?? 0);
  }

  /** Up to here, in seconds of the audio clock, everything has been given out. */
  get time(): number {
    return this.#time;
  }

  /** Go on at a later time, after a pause in which nothing could be given out. */
  resumeAt(time: number): void {
    this.#time = Math.max(time, this.#time);
  }

  /** Give out, in order, what happens from where the last call ended until just before `until`. */
  advance(view: View, until: number): Action[] {
    const actions = this.#endDropped(view.project);
    while (this.#time < until) {
      const stretch = this.#nextStretch(view, until);
      actions.push(...this.#within(view, stretch));
      this.#stretches.push(stretch);
      this.#time = stretch.endTime;
      this.#tick = stretch.endTick;
      if (view.loop && stretch.endTick === view.loop.end) actions.push(...this.#wrap(view.loop));
    }
    this.#forget();
    return actions.sort((a, b) => a.time - b.time || ORDER[a.kind] - ORDER[b.kind]);
  }

  /** End what sounds, at the earliest time that has not been given out. */
  endAll(): Action[] {
    const actions = [...this.#sounding].map(([id, note]) => this.#off(id, note, this.#time));
    this.#sounding.clear();
    return actions;
  }

  /** The tick that is played at a time; before the start it is counted backwards. */
  tickAt(time: number): number {
    const found = this.#stretches.findLast((s) => s.time <= time) ?? this.#stretches[0];
    if (!found) return this.#tick;
    const tick = found.tick + (time - found.time) / found.secondsPerTick;
    return found === this.#stretches.at(-1) ? tick : Math.min(tick, found.endTick);
  }

  #nextStretch(view: View, until: number): Stretch {
    const tick = this.#tick;
    const { usPerBeat, next } = tempoFrom(view.project, Math.max(tick, this.#from));
    const secondsPerTick = usPerBeat / 1e6 / TICKS_PER_BEAT / view.speed;
    const ends = [next];
    if (tick < this.#from) ends.push(this.#from);
    else if (view.loop && tick < view.loop.end) ends.push(view.loop.end);
    const end = Math.min(...ends);
    const endTime = this.#time + (end - tick) * secondsPerTick;
    const isWhole = endTime <= until;
    return {
      time: this.#time,
      tick,
      endTime: isWhole ? endTime : until,
      endTick: isWhole ? end : tick + (until - this.#time) / secondsPerTick,
      secondsPerTick,
    };
  }

  #within(view: View, stretch: Stretch): Action[] {
    const timeOf = (tick: number) => stretch.time + (tick - stretch.tick) * stretch.secondsPerTick;
    const isLeadIn = stretch.tick < this.#from;
    const clicks = isLeadIn
      ? leadInClicks(view.project.song, this.#from, stretch.tick, stretch.endTick)
      : view.hasClicks
        ? clicksBetween(view.project.song, stretch.tick, stretch.endTick)
        : [];
    const actions: Action[] = clicks.map(({ tick, isStrong }) => ({
      kind: "click",
      time: timeOf(tick),
      isStrong,
    }));
    if (!isLeadIn) this.#notesWithin(view.project, stretch, timeOf, actions);
    return actions;
  }

  #notesWithin(
    project: Project,
    stretch: Stretch,
    timeOf: (tick: number) => number,
    actions: Action[],
  ): void {
    for (const track of audibleTracks(project)) {
      for (const note of startingIn(track.notes, stretch.tick, stretch.endTick)) {
        const { id: noteId, pitch, velocity, start } = note;
        actions.push({ kind: "on", time: timeOf(start), part: track.id, pitch, velocity, noteId });
        this.#sounding.set(noteId, { part: track.id, pitch, start });
      }
    }
    for (const [id, sounding] of this.#sounding) {
      const end = endOf(
        noteOf(project, id, sounding.part) ?? { start: sounding.start, duration: 0 },
      );
      if (end >= stretch.endTick) continue;
      actions.push(this.#off(id, sounding, timeOf(Math.max(end, stretch.tick))));
      this.#sounding.delete(id);
    }
  }

  /** End notes that are gone, moved or muted since they began. */
  #endDropped(project: Project): Action[] {
    const audible = new Set(audibleTracks(project).map((track) => track.id));
    const actions: Action[] = [];
    for (const [id, sounding] of this.#sounding) {
      const note = noteOf(project, id, sounding.part);
      const isSame = note?.pitch === sounding.pitch && note.start === sounding.start;
      if (isSame && audible.has(sounding.part)) continue;
      actions.push(this.#off(id, sounding, this.#time));
      this.#sounding.delete(id);
    }
    return actions;
  }

  #wrap(loop: Loop): Action[] {
    this.#tick = loop.start;
    return this.endAll();
  }

  #off(noteId: number, { part, pitch }: Sounding, time: number): Action {
    return { kind: "off", time, part, pitch, noteId };
  }

  #forget(): void {
    const old = this.#time - KEPT_SECONDS;
    if ((this.#stretches[0]?.endTime ?? old) >= old) return;
    this.#stretches = this.#stretches.filter((stretch) => stretch.endTime >= old);
  }
}

function tempoFrom(project: Project, tick: number): { usPerBeat: number; next: number } {
  const { tempos } = project.song;
  const at = tempos.findLastIndex((change) => change.tick <= tick);
  return {
    usPerBeat: tempos[Math.max(at, 0)]?.usPerBeat ?? 500_000,
    next: tempos[at + 1]?.tick ?? Number.POSITIVE_INFINITY,
  };
}

/** The notes that begin from tick `from` until just before tick `until`. */
export function startingIn(notes: readonly Note[], from: number, until: number): readonly Note[] {
  return notes.slice(firstFrom(notes, from), firstFrom(notes, until));
}

function firstFrom(notes: readonly Note[], tick: number): number {
  let low = 0;
  let high = notes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((notes[middle]?.start ?? 0) < tick) low = middle + 1;
    else high = middle;
  }
  return low;
}

const indexes = new WeakMap<Track, ReadonlyMap<number, Note>>();

function noteOf(project: Project, noteId: number, trackId: number): Note | undefined {
  const track = project.song.tracks.find((candidate) => candidate.id === trackId);
  if (!track) return undefined;
  let index = indexes.get(track);
  if (!index) {
    index = new Map(track.notes.map((note) => [note.id, note]));
    indexes.set(track, index);
  }
  return index.get(noteId);
}
