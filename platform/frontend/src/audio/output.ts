/** The audio context: opened in a person's gesture, and opened again when the system takes it away. */
import { Listeners } from "../lib/listeners.ts";

type AudioSession = { type: string };

/** What a browser accepts as a gesture; Safari resumes on the end of a touch, not on its start. */
const GESTURES = ["pointerdown", "pointerup", "keydown", "click"] as const;
/** A running clock that has not moved in this many milliseconds stands still for good… */
const FROZEN_AFTER = 1000;
/** …if it was looked at this often: after one long task of the page a single look may be stale. */
const LOOKS = 3;

export class AudioOutput {
  #context: AudioContext | null = null;
  /** The clock as it was last seen to move. */
  #seen = { at: 0, time: -1, looks: 0 };
  readonly #make: () => AudioContext;
  readonly #changed = new Listeners();
  readonly #gesture = () => this.open();

  constructor(make: () => AudioContext = () => new AudioContext({ latencyHint: "interactive" })) {
    this.#make = make;
  }

  /** The present context; null before the first `open`. */
  get context(): AudioContext | null {
    return this.#context;
  }

  get isRunning(): boolean {
    return this.#context?.state === "running";
  }

  /** Call `listener` when the context is replaced, and when it starts or is interrupted. */
  subscribe(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /**
   * Open the output; to be called inside a gesture, with nothing awaited before.
   *
   * From then on every gesture resumes a context that is not running, whatever its state is called
   * (`suspended`, or `interrupted` after a phone call), and replaces one whose clock stands still.
   */
  open(now = performance.now()): AudioContext {
    playWithSilentSwitch();
    if (this.#context === null || this.#context.state === "closed" || this.#isFrozen(now)) {
      this.#replace();
    }
    const context = this.#context as AudioContext;
    // A refusal changes nothing: the next gesture asks again.
    if (context.state !== "running") context.resume().catch(() => undefined);
    return context;
  }

  close(): void {
    for (const type of GESTURES) window.removeEventListener(type, this.#gesture, true);
    this.#context?.close().catch(() => undefined);
    this.#context = null;
  }

  #isFrozen(now: number): boolean {
    const time = this.#context?.currentTime ?? 0;
    if (!this.isRunning || time !== this.#seen.time) this.#seen = { at: now, time, looks: 0 };
    this.#seen.looks += 1;
    return this.#seen.looks >= LOOKS && now - this.#seen.at > FROZEN_AFTER;
  }

  #replace(): void {
    this.#context?.close().catch(() => undefined);
    const context = this.#make();
    this.#context = context;
    context.addEventListener("statechange", () => {
      if (context === this.#context) this.#changed.tell();
    });
    for (const type of GESTURES) window.addEventListener(type, this.#gesture, true);
    this.#changed.tell();
  }
}

/** On iOS the silent switch mutes pages unless they say that they play music. */
function playWithSilentSwitch(): void {
  const { audioSession } = navigator as Navigator & { audioSession?: AudioSession };
  if (audioSession) audioSession.type = "playback";
}
