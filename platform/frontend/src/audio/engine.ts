/**
 * Sound for the Studio: a General MIDI synthesizer that is loaded when somebody first wants to hear.
 *
 * The page needs `script-src 'self' 'wasm-unsafe-eval'` (the synthesizer's Vorbis decoder) and
 * `worker-src 'self'` in its content security policy.
 */

import type { WorkletSynthesizer } from "spessasynth_lib";
import { t } from "../lib/i18n.ts";
import { Listeners } from "../lib/listeners.ts";
import { type BankAddress, Banks, type Sound, SoundUnavailable } from "./banks.ts";
import type { PartId } from "./channels.ts";
import { ClickSound } from "./click-sound.ts";
import { EarlyNotes } from "./early-notes.ts";
import { OneByOne } from "./one-by-one.ts";
import { AudioOutput } from "./output.ts";
import { type Part, Parts, soundOf } from "./parts.ts";
import { loadSynthesizer, warmSynthesizer } from "./synthesizer.ts";

/** `off` before anybody wanted sound, `failed` when `retry` should be offered. */
export type EngineState = "off" | "loading" | "ready" | "failed";

export class SoundEngine {
  readonly #output: AudioOutput;
  readonly #banks: Banks;
  readonly #parts = new Parts();
  readonly #early = new EarlyNotes();
  readonly #changed = new Listeners();
  readonly #loaded = new Set<Sound>();
  readonly #wanted = new Set<Sound>();
  #synth: WorkletSynthesizer | null = null;
  #master: GainNode | null = null;
  #clicks: ClickSound | null = null;
  #level = 1;
  #failure: string | null = null;
  /** One by one: the synthesizer's answers do not say which question they answer. */
  readonly #loading = new OneByOne(
    () => this.#changed.tell(),
    (error) => this.#fail(error),
  );

  /** `bankAddress` tells where the sound font of an instrument is. */
  constructor(bankAddress: BankAddress, output = new AudioOutput()) {
    this.#banks = new Banks(bankAddress);
    this.#output = output;
    output.subscribe(() => this.#onOutput());
  }

  get context(): AudioContext | null {
    return this.#output.context;
  }

  get state(): EngineState {
    if (this.#failure) return "failed";
    if (this.#loading.isBusy) return "loading";
    return this.#synth ? "ready" : "off";
  }

  /** True while the browser holds sound back until the next click, touch or key. */
  get isBlocked(): boolean {
    return this.context !== null && !this.#output.isRunning;
  }

  /** What went wrong and what to do, as a sentence; null while all is well. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Master volume, 0 to 1. */
  get level(): number {
    return this.#level;
  }

  set level(level: number) {
    this.#level = Math.min(Math.max(level, 0), 1);
    this.#master?.gain.setTargetAtTime(this.#level, this.context?.currentTime ?? 0, 0.01);
    this.#changed.tell();
  }

  /** The node that carries everything, for a meter; null before the first sound. */
  get output(): AudioNode | null {
    return this.#master;
  }

  /** Call `listener` whenever `state`, `failure`, `isBlocked` or `level` may have changed. */
  subscribe(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** Fetch what will soon be needed, before any gesture: on hover, or when the keys are shown. */
  warm(sounds: Iterable<Sound>): void {
    if (!this.#synth) warmSynthesizer();
    for (const sound of sounds) if (!this.#loaded.has(sound)) this.#banks.warm(sound);
  }

  /** Unlock sound; call it inside the gesture, before awaiting anything. Loading goes on after. */
  ensure(): AudioContext {
    const context = this.#output.open();
    // After a failure it is `retry` that tries again, not every key.
    if (!this.#master && !this.#failure) this.#build(context);
    return context;
  }

  /** Try again what failed; to be called inside a gesture. */
  retry(): void {
    this.#failure = null;
    const context = this.#output.open();
    if (this.#synth) for (const sound of this.#wanted) this.#load(sound);
    else this.#build(context);
    this.#changed.tell();
  }

  /** Resolve when everything that was asked for is there, or has failed. */
  settled(): Promise<void> {
    return this.#loading.settled();
  }

  /** Say how a part sounds; loads its instrument once sound is unlocked. */
  setPart(id: PartId, part: Part): void {
    this.#parts.set(id, part);
    const sound = soundOf(part);
    if (this.#wanted.has(sound)) return;
    this.#wanted.add(sound);
    if (this.#synth) this.#load(sound);
  }

  removePart(id: PartId): void {
    this.#parts.remove(id);
  }

  /**
   * Begin a note at `time` of the audio clock; 0 is now. Notes of a part must be set up first.
   *
   * What is played by hand before the instrument has arrived is caught up with when it has.
   */
  noteOn(part: PartId, pitch: number, velocity: number, time = 0): void {
    if (this.#isReady(part)) this.#parts.noteOn(part, pitch, velocity, time);
    else if (time === 0) this.#early.on(part, pitch, velocity, performance.now());
  }

  noteOff(part: PartId, pitch: number, time = 0): void {
    if (time === 0) this.#early.off(part, pitch, performance.now());
    this.#parts.noteOff(part, pitch, time);
  }

  /** Press or release a part's sustain pedal. */
  sustain(part: PartId, isDown: boolean): void {
    this.#parts.sustain(part, isDown);
  }

  /** Cut a part off at `time`, without letting its notes fade. */
  silence(part: PartId, time = 0): void {
    this.#parts.silence(part, time);
  }

  click(time: number, isStrong: boolean): void {
    this.#clicks?.at(time, isStrong);
  }

  cancelClicks(): void {
    this.#clicks?.cancel();
  }

  /** Silence everything at once. */
  panic(): void {
    this.#early.clear();
    this.#clicks?.cancel();
    this.#parts.silenceAll();
  }

  /** Stop for good and give everything back. */
  close(): void {
    this.#synth?.destroy();
    this.#synth = null;
    this.#banks.close();
    this.#output.close();
  }

  #onOutput(): void {
    if (this.#master && this.#master.context !== this.context && this.context) {
      this.#synth = null;
      this.#parts.attach(null);
      this.#loaded.clear();
      this.#build(this.context);
    }
    this.#changed.tell();
  }

  #build(context: AudioContext): void {
    const master = new GainNode(context, { gain: this.#level });
    master.connect(context.destination);
    this.#master = master;
    this.#clicks = new ClickSound(master);
    for (const sound of this.#wanted) this.#banks.warm(sound);
    this.#loading.add(async () => {
      const synth = await loadSynthesizer(context);
      if (master !== this.#master) return synth.destroy();
      synth.connect(master);
      this.#synth = synth;
      this.#parts.attach(synth);
      for (const sound of this.#wanted) this.#load(sound);
    });
  }

  #load(sound: Sound): void {
    if (this.#loaded.has(sound)) return;
    this.#banks.warm(sound);
    this.#loading.add(async () => {
      const synth = this.#synth;
      if (!synth || this.#loaded.has(sound)) return;
      const bank = await this.#banks.take(sound);
      if (synth !== this.#synth) return;
      const added = synth.soundBankManager.addSoundBank(bank, String(sound));
      // Taking in a bank resets every channel, so that all are set up again right behind it.
      this.#parts.applyAll();
      await added;
      this.#loaded.add(sound);
      this.#playEarly();
    });
  }

  #fail(error: unknown): void {
    const reason =
      error instanceof SoundUnavailable ? error.message : t("the player did not start");
    this.#failure = t("Sound could not be loaded: {reason}. Try again.", { reason });
    if (!this.#synth) {
      this.#master?.disconnect();
      this.#master = null;
    }
  }

  #isReady(part: PartId): boolean {
    const about = this.#parts.get(part);
    return about !== undefined && this.#synth !== null && this.#loaded.has(soundOf(about));
  }

  #playEarly(): void {
    const now = this.context?.currentTime ?? 0;
    for (const note of this.#early.take((part) => this.#isReady(part), performance.now())) {
      this.noteOn(note.part, note.pitch, note.velocity, now);
      if (note.seconds !== null) this.noteOff(note.part, note.pitch, now + note.seconds);
    }
  }
}
