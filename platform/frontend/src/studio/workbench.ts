/** Everything behind the Studio's screen, wired together once: music, sound, keys and recording. */
import type { BankAddress } from "../audio/banks.ts";
import { SoundEngine } from "../audio/engine.ts";
import { connectMixer } from "../audio/mixer.ts";
import type { Part } from "../audio/parts.ts";
import { WorkerTicker } from "../audio/ticker.ts";
import { Transport } from "../audio/transport.ts";
import { KeySettings } from "../keyboard/key-settings.ts";
import { NoteInput } from "../keyboard/note-input.ts";
import { playThrough } from "../keyboard/play-through.ts";
import { WebMidi } from "../keyboard/web-midi.ts";
import { Listeners } from "../lib/listeners.ts";
import { keptLateness } from "../recorder/lateness.ts";
import { Recorder } from "../recorder/recorder.ts";
import { Desk } from "../roll/desk.ts";
import type { StudioDocument } from "../song/document.ts";
import { CENTER, DEFAULT_VOLUME, type Project, projectOf, type Song } from "../song/model.ts";
import type { StudioSession } from "./session.ts";

/** Of a note that is struck: long enough to be recognized. */
const STRUCK_MS = 350;
const PIANO: Part = { program: 0, isDrum: false, volume: DEFAULT_VOLUME, pan: CENTER };

/** What is heard: the document, or another version of it while two are compared. */
class Heard {
  readonly #document: StudioDocument;
  readonly #changed = new Listeners();
  #instead: Project | null = null;

  constructor(document: StudioDocument) {
    this.#document = document;
    document.subscribe(() => this.#changed.tell());
  }

  get project(): Project {
    return this.#instead ?? this.#document.project;
  }

  subscribe(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  instead(project: Project | null): void {
    this.#instead = project;
    this.#changed.tell();
  }
}

export class Workbench {
  readonly session: StudioSession;
  readonly desk = new Desk();
  readonly engine: SoundEngine;
  readonly transport: Transport;
  readonly input = new NoteInput();
  readonly keySettings = new KeySettings();
  readonly midi = new WebMidi(this.input);
  readonly recorder: Recorder;
  readonly #heard: Heard;
  #quiet: () => void = () => undefined;

  constructor(session: StudioSession, bankAddress: BankAddress) {
    this.session = session;
    const { document } = session;
    this.engine = new SoundEngine(bankAddress);
    this.#heard = new Heard(document);
    this.transport = new Transport(this.#heard, this.engine, new WorkerTicker());
    this.recorder = new Recorder(document, this.transport, this.input, keptLateness);
    connectMixer(this.#heard, this.engine);
    playThrough(this.input, this.engine, () => this.activePart());
    this.desk.subscribe(() => this.#followLoop());
    this.engine.warm([0]);
  }

  /** How the track that is worked on sounds; a piano where there is none. */
  activePart(): Part {
    return this.desk.activeIn(this.session.document.project.song) ?? PIANO;
  }

  /** The track that a recording goes to; null for a new one. */
  get recordsInto(): number | null {
    return this.desk.activeIn(this.session.document.committed.song)?.id ?? null;
  }

  /** Play another song in place of the document, from where the music is; null: the document.
   *
   * `isSame`: the same music with an edit more or less, which comes in without a break.
   */
  listenTo(song: Song | null, isSame = false): void {
    this.#heard.instead(song && projectOf(song));
    if (isSame || this.transport.state !== "playing") return;
    this.transport.seek(this.transport.position);
  }

  /** Sound one note for a moment; the one before it ends. */
  strike(part: Part, pitch: number, velocity: number): void {
    this.#quiet();
    this.engine.ensure();
    const { program, isDrum, volume, pan } = part;
    this.engine.setPart("live", { program, isDrum, volume, pan });
    this.engine.noteOn("live", pitch, velocity);
    const end = () => {
      clearTimeout(timer);
      this.engine.noteOff("live", pitch);
      this.#quiet = () => undefined;
    };
    const timer = setTimeout(end, STRUCK_MS);
    this.#quiet = end;
  }

  /** Sound one note of a track: what is drawn is heard. */
  audition(trackId: number, pitch: number, velocity: number, on: boolean): void {
    this.engine.ensure();
    if (on) this.engine.noteOn(trackId, pitch, velocity);
    else this.engine.noteOff(trackId, pitch);
  }

  #followLoop(): void {
    const { loop } = this.desk.state;
    const current = this.transport.loop;
    if (loop?.from === current?.start && loop?.until === current?.end) return;
    this.transport.loop = loop && { start: loop.from, end: loop.until };
    this.transport.isLooping = loop !== null;
  }
}
