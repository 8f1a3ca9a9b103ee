/** What plays the MIDI files of a page: the Studio's engine and transport, fetched on the first press. */
import { SoundUnavailable } from "../audio/banks.ts";
import { SoundEngine } from "../audio/engine.ts";
import { AudioOutput } from "../audio/output.ts";
import { soundfontAddress } from "../audio/soundfonts.ts";
import { WorkerTicker } from "../audio/ticker.ts";
import { Transport } from "../audio/transport.ts";
import { MidiProblem, readMidi } from "../song/midi.ts";
import { EMPTY_SONG, endTick, projectOf, type Song } from "../song/model.ts";
import { secondsAt } from "../song/time.ts";

export class MidiPlayer {
  readonly #engine: SoundEngine;
  readonly #transport: Transport;
  readonly #played = { project: projectOf(EMPTY_SONG) };
  #onEnd: (() => void) | undefined;

  /** `unlocked` began inside the press; a later one takes its place should the system close it. */
  constructor(unlocked: AudioContext) {
    let first: AudioContext | undefined = unlocked;
    const output = new AudioOutput(() => {
      const context = first ?? new AudioContext({ latencyHint: "interactive" });
      first = undefined;
      return context;
    });
    this.#engine = new SoundEngine((sound) => soundfontAddress(sound), output);
    this.#transport = new Transport(this.#played, this.#engine, new WorkerTicker());
    this.#transport.subscribe(() => {
      if (this.#transport.state === "stopped") this.#end();
    });
  }

  /** Seconds of the piece that were heard. */
  get seconds(): number {
    const { tempos } = this.#played.project.song;
    return secondsAt(tempos, Math.max(this.#transport.position, 0));
  }

  /** Seconds until the last note of the piece has stopped. */
  get length(): number {
    const { song } = this.#played.project;
    return secondsAt(song.tempos, endTick(song));
  }

  /**
   * Play a file from its beginning; resolves when it begins to sound. `onEnd` is called once, when
   * it is over or another one begins.
   *
   * @throws SoundUnavailable whose message is a sentence to show
   */
  async play(midi: Uint8Array, onEnd: () => void): Promise<void> {
    const song = songIn(midi);
    this.stop();
    this.#played.project = projectOf(song);
    for (const track of song.tracks) this.#engine.setPart(track.id, track);
    if (this.#engine.failure) this.#engine.retry();
    this.#onEnd = onEnd;
    await this.#transport.play({ from: 0 });
    const { failure } = this.#engine;
    if (!failure) return;
    this.stop();
    throw new SoundUnavailable(failure);
  }

  stop(): void {
    if (this.#transport.state !== "stopped") this.#transport.stop();
  }

  #end(): void {
    const onEnd = this.#onEnd;
    this.#onEnd = undefined;
    onEnd?.();
  }
}

function songIn(midi: Uint8Array): Song {
  try {
    return readMidi(midi);
  } catch (cause) {
    if (cause instanceof MidiProblem) throw new SoundUnavailable(cause.message, { cause });
    throw cause;
  }
}
