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
import { keptLateness } from "../recorder/calibration.ts";
import { Recorder } from "../recorder/recorder.ts";
import { Desk } from "../roll/desk.ts";
import type { StudioDocument } from "../song/document.ts";
import { CENTER, DEFAULT_VOLUME, type Project, projectOf, type Song } from "../song/model.ts";
import type { StudioSession } from "./session.ts";

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

  /** Play another song in place of the document, from where the music is; null: the document. */
  listenTo(song: Song | null): void {
    this.#heard.instead(song && projectOf(song));
    if (this.transport.state === "playing") this.transport.seek(this.transport.position);
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
