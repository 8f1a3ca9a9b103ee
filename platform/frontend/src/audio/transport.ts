/** Plays a project: start, stop, place, loop, speed and metronome. */
import { Listeners } from "../lib/listeners.ts";
import { barLineFrom } from "../song/bars.ts";
import { endTick, type Project } from "../song/model.ts";
import { leadInTicks } from "./clicks.ts";
import { heardAt, type OutputClock } from "./heard.ts";
import { type Action, type Loop, Scheduler } from "./schedule.ts";
import type { Ticker } from "./ticker.ts";

/** What is asked of a SoundEngine. */
export interface Instrument {
  ensure(): OutputClock;
  settled(): Promise<void>;
  noteOn(part: number, pitch: number, velocity: number, time: number): void;
  noteOff(part: number, pitch: number, time: number): void;
  silence(part: number, time: number): void;
  click(time: number, isStrong: boolean): void;
  cancelClicks(): void;
}

/** What is played: a StudioDocument. */
export interface Played {
  readonly project: Project;
}

export interface PlayOptions {
  /** Tick to begin at; else the present position. */
  readonly from?: number;
  /** Bars of clicks before that. */
  readonly countInBars?: number;
  /** Tick to stop at; else the bar line after the last note. `Infinity`: play on. */
  readonly until?: number;
}

/** `waiting`: instruments are being loaded; `counting`: the count-in is heard. */
export type TransportState = "stopped" | "waiting" | "counting" | "playing";

/** Seconds given out ahead of the clock: enough for a busy page, short enough for edits. */
const AHEAD = 0.1;
/** Seconds between the press and the first sound. */
const LEAD = 0.05;
/** A page that stood still for longer than this goes on where it was, rather than in a rush. */
const STALLED = 0.5;

export class Transport {
  readonly #played: Played;
  readonly #instrument: Instrument;
  readonly #ticker: Ticker;
  readonly #changed = new Listeners();
  #scheduler: Scheduler | null = null;
  #clock: OutputClock | null = null;
  #state: TransportState = "stopped";
  #position = 0;
  #lastHeard = 0;
  #startedAt = 0;
  #until: number | undefined;
  #quietFrom = 0;
  #queued: { part: number; time: number }[] = [];
  /** Tells a start that was waited for from one that was given up. */
  #attempt = 0;
  #loop: Loop | null = null;
  #isLooping = false;
  #speed = 1;
  #hasClicks = false;

  constructor(played: Played, instrument: Instrument, ticker: Ticker) {
    this.#played = played;
    this.#instrument = instrument;
    this.#ticker = ticker;
  }

  get state(): TransportState {
    return this.#state;
  }

  /** What is heard now, in ticks; negative or before the start during a count-in. */
  get position(): number {
    return this.#scheduler ? this.tickHeardAt(performance.now()) : this.#position;
  }

  /** The tick at which playing began last; before it lies the count-in. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** What was heard last, in ticks, when the music stopped. */
  get lastHeard(): number {
    return this.#lastHeard;
  }

  /** The region that is repeated while `isLooping`. */
  get loop(): Loop | null {
    return this.#loop;
  }

  set loop(loop: Loop | null) {
    this.#loop = loop && loop.end > loop.start ? loop : null;
    this.#changed.tell();
  }

  get isLooping(): boolean {
    return this.#isLooping;
  }

  set isLooping(isLooping: boolean) {
    this.#isLooping = isLooping;
    this.#changed.tell();
  }

  /** 1 is as written; 0.25 to 4. */
  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#speed = Math.min(Math.max(speed, 0.25), 4);
    this.#changed.tell();
  }

  get hasClicks(): boolean {
    return this.#hasClicks;
  }

  set hasClicks(hasClicks: boolean) {
    this.#hasClicks = hasClicks;
    if (!hasClicks && this.#state === "playing") this.#instrument.cancelClicks();
    this.#changed.tell();
  }

  /** Call `listener` when anything but the running position changes. */
  subscribe(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** Begin to play; call it inside a gesture. Resolves when the clock runs, or it was given up. */
  async play(options: PlayOptions = {}): Promise<void> {
    const clock = this.#instrument.ensure();
    this.#halt();
    const from = Math.max(Math.round(options.from ?? this.#placeToStart()), 0);
    this.#position = from;
    this.#startedAt = from;
    this.#enter("waiting");
    const attempt = ++this.#attempt;
    await this.#instrument.settled();
    if (attempt !== this.#attempt) return;
    this.#begin(clock, from, options);
  }

  /** Stop, and stay where the music was. */
  pause(): void {
    this.#position = Math.max(Math.round(this.position), 0);
    this.#halt();
    this.#enter("stopped");
  }

  /** Stop, and go back to where playing began; when stopped already, to the beginning. */
  stop(): void {
    this.#position = this.#state === "stopped" ? 0 : this.#startedAt;
    this.#halt();
    this.#enter("stopped");
  }

  toggle(): void {
    if (this.#state === "stopped") void this.play();
    else this.pause();
  }

  /** Go to a tick, and play on from there if it plays. */
  seek(tick: number): void {
    const isPlaying = this.#state !== "stopped";
    this.#position = Math.max(Math.round(tick), 0);
    if (isPlaying) void this.play({ from: this.#position, ...this.#kept() });
    else this.#changed.tell();
  }

  /** The tick that was heard at an event's `timeStamp`, in milliseconds. */
  tickHeardAt(stamp: number): number {
    if (!this.#scheduler || !this.#clock) return this.#position;
    return this.#scheduler.tickAt(heardAt(this.#clock, stamp));
  }

  #kept(): PlayOptions {
    return this.#until === undefined ? {} : { until: this.#until };
  }

  #placeToStart(): number {
    const end = this.#endOfMusic();
    const isOver = end > 0 && this.#position >= end;
    if (isOver) return (this.#isLooping ? this.#loop?.start : undefined) ?? 0;
    return this.#position;
  }

  #endOfMusic(): number {
    const { song } = this.#played.project;
    return barLineFrom(song, endTick(song));
  }

  #begin(clock: OutputClock, from: number, { countInBars = 0, until }: PlayOptions): void {
    // Another clock is another context: nothing of before is waiting in it.
    const quietFrom = clock === this.#clock ? this.#quietFrom : 0;
    const time = Math.max(clock.currentTime + LEAD, quietFrom);
    const leadIn = leadInTicks(this.#played.project.song, from, countInBars);
    this.#clock = clock;
    this.#scheduler = new Scheduler({ time, tick: from, leadIn });
    this.#until = until;
    this.#enter(leadIn > 0 ? "counting" : "playing");
    this.#ticker.start(() => this.#tick());
    this.#tick();
  }

  #tick(): void {
    const { currentTime: now } = this.#clock ?? { currentTime: 0 };
    const scheduler = this.#scheduler;
    if (!scheduler) return;
    if (now - scheduler.time > STALLED) scheduler.resumeAt(now + LEAD);
    const view = {
      project: this.#played.project,
      loop: this.#isLooping ? this.#loop : null,
      speed: this.#speed,
      hasClicks: this.#hasClicks,
    };
    this.#queued = this.#queued.filter((queued) => queued.time > now);
    for (const action of scheduler.advance(view, now + AHEAD)) this.#send(action);
    this.#watch(view.loop);
  }

  #send(action: Action): void {
    const { time } = action;
    if (action.kind === "click") this.#instrument.click(time, action.isStrong);
    else if (action.kind === "off") this.#instrument.noteOff(action.part, action.pitch, time);
    else {
      this.#instrument.noteOn(action.part, action.pitch, action.velocity, time);
      this.#queued.push({ part: action.part, time });
    }
  }

  /** Notice the end of the count-in and of the music. */
  #watch(loop: Loop | null): void {
    const heard = this.position;
    if (this.#state === "counting" && heard >= this.#startedAt) this.#enter("playing");
    const music = this.#endOfMusic();
    const end = this.#until ?? (music > this.#startedAt ? music : Number.POSITIVE_INFINITY);
    const isLooped = loop !== null && this.#until === undefined && heard < loop.end;
    if (!isLooped && heard >= end) this.stop();
  }

  /** Stop the clockwork: end what sounds, and drop what was given out ahead. */
  #halt(): void {
    this.#attempt += 1;
    this.#ticker.stop();
    const scheduler = this.#scheduler;
    if (!scheduler) return;
    this.#lastHeard = this.position;
    const now = this.#clock?.currentTime ?? 0;
    for (const action of scheduler.endAll()) this.#send({ ...action, time: now });
    for (const { part, time } of this.#queued) {
      if (time > now) this.#instrument.silence(part, time);
    }
    this.#instrument.cancelClicks();
    this.#queued = [];
    this.#quietFrom = scheduler.time;
    this.#scheduler = null;
  }

  #enter(state: TransportState): void {
    this.#state = state;
    this.#changed.tell();
  }
}
