/** Records what is played into a track: one take, one command. */

import type { Loop } from "../audio/schedule.ts";
import type { PlayOptions, TransportState } from "../audio/transport.ts";
import type { NoteEvent } from "../keyboard/note-input.ts";
import { plural } from "../lib/i18n.ts";
import { Listeners } from "../lib/listeners.ts";
import { barsLater } from "../song/bars.ts";
import type { Change, StudioDocument } from "../song/document.ts";
import { addNotes, addTrack, withSong } from "../song/edits.ts";
import { countNotes, type NewNote, type Project, trackOf } from "../song/model.ts";
import { keepAwake } from "./keep-awake.ts";
import { Take } from "./take.ts";
import { trimToBar } from "./trim.ts";

/** What is asked of a Transport. */
export interface Player {
  readonly state: TransportState;
  readonly position: number;
  /** Where the music was when it stopped. */
  readonly lastHeard: number;
  readonly loop: Loop | null;
  readonly isLooping: boolean;
  play(options: PlayOptions): Promise<void>;
  stop(): void;
  tickHeardAt(stamp: number): number;
  subscribe(listener: () => void): () => void;
}

/** What is asked of a NoteInput. */
export interface Played {
  subscribe(listener: (event: NoteEvent) => void): () => void;
}

export interface RecordOptions {
  /** The track to record into; null makes a new one. */
  readonly trackId: number | null;
  readonly countInBars: number;
  /** Stop after so many bars; else go on until `stop`. */
  readonly bars?: number;
  /** Leave out empty bars before the first note; as a rule only for the first notes of a song. */
  readonly trimsToBar?: boolean;
}

interface Running {
  readonly take: Take;
  readonly options: RecordOptions;
  readonly from: number;
  /** Exclusive; `Infinity` without an end. */
  readonly until: number;
  /** The take that this one stands in for. */
  readonly replaces: Done | null;
}

interface Done {
  readonly options: RecordOptions;
  readonly from: number;
  readonly before: Project;
  readonly after: Project;
}

export class Recorder {
  readonly #document: StudioDocument;
  readonly #player: Player;
  readonly #played: Played;
  /** Seconds that this person's notes come late, by the calibration. */
  readonly #lateness: () => number;
  readonly #changed = new Listeners();
  #running: Running | null = null;
  #last: Done | null = null;
  #lastCount = 0;
  #endings: (() => void)[] = [];

  constructor(
    document: StudioDocument,
    player: Player,
    played: Played,
    lateness: () => number = () => 0,
  ) {
    this.#document = document;
    this.#player = player;
    this.#played = played;
    this.#lateness = lateness;
  }

  get isRecording(): boolean {
    return this.#running !== null;
  }

  /** Whether there is a take that `retake` would replace. */
  get canRetake(): boolean {
    return this.#last !== null && this.#last.after === this.#document.committed;
  }

  /** How many notes were kept of the last take. */
  get lastCount(): number {
    return this.#lastCount;
  }

  /** The track that the last take that was kept is in. */
  get lastTrackId(): number | null {
    const last = this.#last;
    if (!last) return null;
    const { trackId } = last.options;
    const { song } = last.before;
    return trackId !== null && trackOf(song, trackId) ? trackId : song.nextId;
  }

  /** Call `listener` when recording begins or ends. */
  subscribe(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** Record from the present position, beside what the track holds; call it inside a gesture. */
  async start(options: RecordOptions): Promise<void> {
    await this.#record(options, Math.max(Math.round(this.#player.position), 0), null);
  }

  /** Record again in place of the last take; undo then brings that take back. */
  async retake(): Promise<void> {
    const last = this.#last;
    if (last && this.canRetake) await this.#record(last.options, last.from, last);
  }

  /** End the take and keep its notes. Tell how many there are. */
  stop(): number {
    const running = this.#running;
    if (!running) return 0;
    this.#end();
    this.#player.stop();
    return this.#keep(running);
  }

  /** End the take and keep nothing. */
  cancel(): void {
    if (!this.#running) return;
    this.#end();
    this.#document.preview(null);
    this.#player.stop();
  }

  async #record(options: RecordOptions, from: number, replaces: Done | null): Promise<void> {
    this.cancel();
    this.#lastCount = 0;
    const { countInBars, bars } = options;
    const { isLooping, loop } = this.#player;
    const take = new Take(from, isLooping && bars === undefined ? loop : null);
    const { song } = this.#document.committed;
    const until = bars ? barsLater(song, from, bars) : Number.POSITIVE_INFINITY;
    this.#running = { take, options, from, until, replaces };
    this.#document.preview(this.#change(this.#running, []));
    const playing = this.#player.play({ from, countInBars, until });
    this.#endings = [
      this.#played.subscribe((event) => this.#hear(event)),
      this.#player.subscribe(() => this.#watch()),
      keepAwake(),
    ];
    this.#changed.tell();
    await playing;
  }

  #hear(event: NoteEvent): void {
    const running = this.#running;
    if (!running || this.#player.state === "waiting") return;
    const tick = this.#player.tickHeardAt(event.time - this.#lateness() * 1000);
    const { take } = running;
    if (event.type === "on") take.on(event.pitch, event.velocity, tick);
    else if (event.type === "off") take.off(event.pitch, tick);
    else take.sustain(event.isDown, tick);
    const notes = take.notesAt(tick);
    if (notes.length > 0) this.#document.preview(this.#change(running, notes));
  }

  /** The music stopped by itself, or by somebody's hand: the take is over. */
  #watch(): void {
    const running = this.#running;
    if (!running || this.#player.state !== "stopped") return;
    this.#end();
    this.#keep(running);
  }

  #keep(running: Running): number {
    const { take, options, from, until, replaces } = running;
    const notes = take.notesAt(Math.min(this.#player.lastHeard, until));
    const { song } = this.#document.committed;
    const kept = options.trimsToBar ? trimToBar(song, notes, from) : notes;
    this.#document.preview(null);
    if (kept.length === 0) return 0;
    const before = replaces?.before ?? this.#document.committed;
    const name = replaces
      ? plural("Record {count} note again", "Record {count} notes again", kept.length)
      : plural("Record {count} note", "Record {count} notes", kept.length);
    this.#document.run(name, this.#change(running, kept));
    const after = this.#document.committed;
    this.#last = { options, from, before, after };
    this.#lastCount = kept.length;
    this.#changed.tell();
    return kept.length;
  }

  /** The take added to the project, or to what the project was before the take it replaces. */
  #change({ replaces, options }: Running, notes: readonly NewNote[]): Change {
    return (project) => {
      const under = project === replaces?.after ? replaces.before : project;
      return withSong(under, withTake(under, options.trackId, notes));
    };
  }

  #end(): void {
    this.#running = null;
    for (const end of this.#endings) end();
    this.#endings = [];
    this.#changed.tell();
  }
}

function withTake(
  { song }: Project,
  trackId: number | null,
  notes: readonly NewNote[],
): Project["song"] {
  if (notes.length === 0) return song;
  if (trackId !== null && trackOf(song, trackId)) return addNotes(song, trackId, notes);
  const name = countNotes(song) === 0 ? "Melody" : "Take";
  return addTrack(song, { name, notes });
}
