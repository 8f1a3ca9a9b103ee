/** The metronome's sound: two short tones, made rather than sampled. */

const STRONG_HZ = 1760;
const WEAK_HZ = 1175;
const SECONDS = 0.06;

export class ClickSound {
  readonly #out: AudioNode;
  readonly #due = new Set<OscillatorNode>();

  constructor(out: AudioNode) {
    this.#out = out;
  }

  /** Click at `time`, in seconds of the audio clock. */
  at(time: number, isStrong: boolean): void {
    const { context } = this.#out;
    const start = Math.max(time, context.currentTime);
    const tone = new OscillatorNode(context, { frequency: isStrong ? STRONG_HZ : WEAK_HZ });
    const envelope = new GainNode(context, { gain: 0 });
    envelope.gain.setValueAtTime(isStrong ? 0.35 : 0.2, start);
    envelope.gain.exponentialRampToValueAtTime(0.001, start + SECONDS);
    tone.connect(envelope).connect(this.#out);
    tone.start(start);
    tone.stop(start + SECONDS);
    this.#due.add(tone);
    tone.addEventListener("ended", () => {
      envelope.disconnect();
      this.#due.delete(tone);
    });
  }

  /** Drop the clicks that have not sounded. */
  cancel(): void {
    for (const tone of this.#due) tone.stop();
  }
}
