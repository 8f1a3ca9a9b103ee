/** `<cp-calibration>`: tap along eight clicks, so that recordings lie where they were played. */

import { html, LitElement, type TemplateResult } from "lit";
import type { SoundEngine } from "../audio/engine.ts";
import { heardAt } from "../audio/heard.ts";
import { controlStyles } from "../lib/control-styles.ts";
import { msg, t } from "../lib/i18n.ts";
import { icon } from "../lib/icons.ts";
import { CLICKS, INTERVAL, keepLateness, keptLateness, measureLateness } from "./calibration.ts";

/** Seconds between the press and the first click. */
const LEAD = 1;
const INTRODUCTION = msg(
  "With Bluetooth headphones, notes may be recorded late. Tap along eight clicks to correct that.",
);

type Stage = "idle" | "loading" | "listening";

/**
 * Measures by the clicks of `engine`, and keeps the result on this device.
 *
 * Emits `cp-lateness` (bubbles, composed; `detail.seconds`) when it has changed: what a Recorder is
 * given as its lateness.
 */
export class CpCalibration extends LitElement {
  static override properties = {
    engine: { attribute: false },
    stage: { state: true },
    sentence: { state: true },
    taps: { state: true },
  };
  static override styles = controlStyles;

  declare engine: SoundEngine | null;
  declare stage: Stage;
  declare sentence: string;
  /** Seconds of the audio clock. */
  declare taps: readonly number[];

  #clicks: number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.engine = null;
    this.stage = "idle";
    this.taps = [];
    const kept = keptLateness();
    this.sentence = kept === 0 ? t(INTRODUCTION) : corrected(kept);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    if (this.stage === "listening") this.engine?.cancelClicks();
    this.stage = "idle";
  }

  override render(): TemplateResult {
    return html`
      <p role="status">${this.sentence}</p>
      <div class="group">${this.stage === "listening" ? this.#tapButton() : this.#startButtons()}</div>
    `;
  }

  #startButtons(): TemplateResult {
    return html`<button ?disabled=${this.stage === "loading"} @click=${this.#start}>
        ${icon("metronome")} ${t("Measure the delay")}</button>
      <button @click=${() => this.#keep(0)}>${t("Without correction")}</button>`;
  }

  #tapButton(): TemplateResult {
    return html`<button class="tap" @pointerdown=${this.#tap}
      @keydown=${(event: KeyboardEvent) => {
        if (!event.repeat && (event.key === " " || event.key === "Enter")) this.#tap(event);
      }}>${t("Tap with each click ({done} of {clicks})", {
        done: Math.min(this.taps.length, CLICKS),
        clicks: CLICKS,
      })}</button>`;
  }

  async #start(): Promise<void> {
    const { engine } = this;
    if (!engine) return;
    const context = engine.ensure();
    this.stage = "loading";
    this.sentence = t("Loading…");
    await engine.settled();
    if (!this.isConnected) return;
    const first = context.currentTime + LEAD;
    this.#clicks = Array.from({ length: CLICKS }, (_, click) => first + click * INTERVAL);
    for (const [click, time] of this.#clicks.entries()) engine.click(time, click === 0);
    this.taps = [];
    this.stage = "listening";
    this.sentence = t("Listen, and tap with each click: on the button, or with Space.");
    this.#timer = setTimeout(() => this.#finish(), (LEAD + (CLICKS + 0.5) * INTERVAL) * 1000);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".tap")?.focus();
  }

  #tap(event: Event): void {
    const context = this.engine?.context;
    if (context) this.taps = [...this.taps, heardAt(context, event.timeStamp)];
  }

  #finish(): void {
    this.stage = "idle";
    const measured = measureLateness(this.#clicks, this.taps);
    if (measured.isGood) this.#keep(measured.lateness);
    else this.sentence = measured.sentence;
  }

  #keep(seconds: number): void {
    const isKept = keepLateness(seconds);
    this.sentence = isKept
      ? corrected(seconds)
      : `${corrected(seconds)} ${t("This browser forgets it with the page.")}`;
    const detail = { seconds };
    this.dispatchEvent(new CustomEvent("cp-lateness", { detail, bubbles: true, composed: true }));
  }
}

function corrected(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  if (ms === 0) return t("Recordings are kept as they arrive.");
  return ms > 0
    ? t("Recordings are moved {ms} ms earlier.", { ms })
    : t("Recordings are moved {ms} ms later.", { ms: -ms });
}

customElements.define("cp-calibration", CpCalibration);
