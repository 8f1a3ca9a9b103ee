/** `<cp-transport>`: play, record, place, tempo and metronome. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { SoundEngine } from "../audio/engine.ts";
import type { Transport } from "../audio/transport.ts";
import { controlStyles, keepFocus } from "../lib/control-styles.ts";
import { Follow } from "../lib/follow.ts";
import { msg, t } from "../lib/i18n.ts";
import { icon } from "../lib/icons.ts";
import { Narrow } from "../lib/narrow.ts";
import type { Recorder } from "../recorder/recorder.ts";
import type { StudioDocument } from "../song/document.ts";
import { withSong } from "../song/edits.ts";
import { FASTEST, SLOWEST, setSignature, setTempo, tappedTempo, tempoAt } from "../song/meter.ts";
import { countNotes, endTick, type Song } from "../song/model.ts";
import { signatureAt } from "../song/time.ts";
import { transportStyles } from "./transport-styles.ts";
import { barText, beatText, timeText } from "./transport-text.ts";

const SIGNATURES = ["2/4", "3/4", "4/4", "5/4", "6/8", "9/8", "12/8"];
/** By the number of bars. */
const COUNT_INS = [msg("No count-in"), msg("Count in 1"), msg("Count in 2")];
const HELD_BACK = msg("The browser holds sound back. Tap the page or press a key.");
/** Pixels below which the settings are folded away, so that the notes have room. */
const NARROW = 560;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5];

/**
 * Shows and moves a `transport` and its `document`; records by `recorder` into track `trackId`
 * (null: a new one) for `bars` bars (0: until it is stopped), and tells of `engine`'s troubles.
 *
 * Emits `cp-recorded` (bubbles, composed; `detail`: how many `notes`, in which `trackId`) when a take
 * was kept. Its methods `togglePlay`, `toggleRecord`, `toggleLoop` and `toggleMetronome` are what
 * the shortcuts of `shortcuts.ts` run.
 */
export class CpTransport extends LitElement {
  static override properties = {
    transport: { attribute: false },
    document: { attribute: false },
    recorder: { attribute: false },
    engine: { attribute: false },
    trackId: { type: Number, attribute: "track-id" },
    bars: { type: Number },
    countIn: { type: Number, attribute: "count-in" },
  };
  static override styles = [controlStyles, transportStyles];

  declare transport: Transport | null;
  declare document: StudioDocument | null;
  declare recorder: Recorder | null;
  declare engine: SoundEngine | null;
  declare trackId: number | null;
  declare bars: number;
  declare countIn: number;

  readonly #narrow = new Narrow(this, NARROW);
  #taps: number[] = [];
  #frame = 0;
  #wasRecording = false;

  constructor() {
    super();
    this.transport = null;
    this.document = null;
    this.recorder = null;
    this.engine = null;
    this.trackId = null;
    this.bars = 0;
    this.countIn = 1;
    new Follow(this, () => [this.transport, this.document, this.recorder, this.engine]);
  }

  togglePlay(): void {
    if (this.recorder?.isRecording) this.recorder.stop();
    else this.transport?.toggle();
  }

  toggleRecord(): void {
    const { recorder, document } = this;
    if (!recorder || !document) return;
    if (recorder.isRecording) {
      recorder.stop();
      return;
    }
    void recorder.start({
      trackId: this.trackId,
      countInBars: this.countIn,
      trimsToBar: countNotes(document.committed.song) === 0,
      ...(this.bars > 0 && { bars: this.bars }),
    });
  }

  /** Repeat the loop, or stop repeating; without a loop the whole piece is one. */
  toggleLoop(): void {
    const { transport, document } = this;
    if (!transport || !document) return;
    const end = endTick(document.project.song);
    if (!transport.loop && end > 0) transport.loop = { start: 0, end };
    transport.isLooping = !transport.isLooping && transport.loop !== null;
  }

  toggleMetronome(): void {
    if (this.transport) this.transport.hasClicks = !this.transport.hasClicks;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
  }

  override updated(): void {
    cancelAnimationFrame(this.#frame);
    this.#showPlace();
    const isRecording = this.recorder?.isRecording ?? false;
    if (this.#wasRecording && !isRecording) this.#tellRecorded();
    this.#wasRecording = isRecording;
  }

  override render(): TemplateResult | typeof nothing {
    const { transport, document } = this;
    if (!transport || !document) return nothing;
    return html`
      <div class="bar" role="group" aria-label=${t("Transport")}>
        <div class="group">${this.#buttons(transport)}</div>
        <div class="place">
          <span class="beat" aria-hidden="true"></span>
          <span class="bars" role="timer" aria-label=${t("Bar, beat, ticks")}></span>
          <span class="time" role="timer" aria-label=${t("Time")}></span>
        </div>
        ${this.#narrow.isNarrow ? this.#folded(document, transport) : this.#settings(document, transport)}
        ${this.#trouble()}
      </div>
    `;
  }

  #buttons(transport: Transport): TemplateResult {
    const isStopped = transport.state === "stopped";
    const { recorder } = this;
    const isRecording = recorder?.isRecording ?? false;
    return html`
      ${button("start", t("To the beginning"), () => transport.seek(0), isRecording)}
      ${button(isStopped ? "play" : "pause", isStopped ? t("Play") : t("Pause"), () => this.togglePlay())}
      ${button("stop", t("Stop"), () => (isRecording ? recorder?.stop() : transport.stop()))}
      ${
        recorder
          ? html`${toggle("record", t("Record"), isRecording, () => this.toggleRecord())}
            ${recorder.canRetake && !isRecording ? button("retake", t("Record the last take again"), () => void recorder.retake()) : nothing}`
          : nothing
      }
      ${toggle("loop", t("Loop"), transport.isLooping, () => this.toggleLoop())}
    `;
  }

  #settings(document: StudioDocument, transport: Transport): TemplateResult {
    return html`${this.#meter(document, transport)} ${this.#clicks(transport)} ${this.#volume()}`;
  }

  #folded(document: StudioDocument, transport: Transport): TemplateResult {
    return html`<details>
      <summary>${t("Tempo, clicks, volume")}</summary>
      <div class="bar">${this.#settings(document, transport)}</div>
    </details>`;
  }

  #meter(document: StudioDocument, transport: Transport): TemplateResult {
    const { song } = document.project;
    const { numerator, denominator } = signatureAt(song, Math.max(transport.position, 0));
    const signature = `${numerator}/${denominator}`;
    const known = SIGNATURES.includes(signature) ? SIGNATURES : [...SIGNATURES, signature];
    return html`
      <div class="group">
        <label>${t("Tempo")} <input class="tempo" type="number" inputmode="numeric" min=${SLOWEST} max=${FASTEST}
          .value=${shownTempo(song, transport.position)} @change=${this.#onTempo}></label>
        <button @mousedown=${keepFocus} @click=${this.#onTap}>${t("Tap")}</button>
      </div>
      ${choice(t("Meter"), known, signature, (value) => this.#setSignature(value))}
      ${choice(t("Speed"), SPEEDS.map(percent), percent(transport.speed), (value) => {
        transport.speed = Number.parseFloat(value) / 100;
      })}
    `;
  }

  #clicks(transport: Transport): TemplateResult {
    const countIns = COUNT_INS.map((words) => t(words));
    return html`<div class="group">
      ${toggle("metronome", t("Metronome"), transport.hasClicks, () => this.toggleMetronome())}
      ${
        this.recorder
          ? choice(t("Count-in"), countIns, countIns[this.countIn] ?? "", (value) => {
              this.countIn = countIns.indexOf(value);
            })
          : nothing
      }
    </div>`;
  }

  #volume(): TemplateResult | typeof nothing {
    const { engine } = this;
    if (!engine) return nothing;
    return html`<label title=${t("Volume")}>${icon("volume")} <input type="range" aria-label=${t("Volume")} min="0" max="100"
      .value=${String(Math.round(engine.level * 100))}
      @input=${(event: Event) => {
        engine.level = (event.target as HTMLInputElement).valueAsNumber / 100;
      }}></label>`;
  }

  #trouble(): TemplateResult {
    const { engine } = this;
    const isFailed = engine?.state === "failed";
    const isHeldBack = (engine?.isBlocked ?? false) && this.transport?.state !== "stopped";
    const quiet = this.#isLoading ? t("Loading sounds") : "";
    const says = isFailed ? engine.failure : isHeldBack ? t(HELD_BACK) : quiet;
    const kind = isFailed ? "trouble" : isHeldBack ? "hint" : "unseen";
    return html`<span class=${kind} role="status">${says}</span>
      ${isFailed ? html`<button @click=${() => engine.retry()}>${t("Try again")}</button>` : nothing}`;
  }

  get #isLoading(): boolean {
    return this.transport?.state === "waiting" || this.engine?.state === "loading";
  }

  #onTempo(event: Event): void {
    const field = event.target as HTMLInputElement;
    if (Number.isFinite(field.valueAsNumber)) this.#setTempo(field.valueAsNumber);
    // What was refused or cut to the limits is not left standing in the field.
    if (this.document) field.value = shownTempo(this.document.project.song, this.#tick);
  }

  #onTap(event: Event): void {
    this.#taps = [...this.#taps.slice(-8), event.timeStamp];
    const tempo = tappedTempo(this.#taps);
    if (tempo !== null) this.#setTempo(tempo);
  }

  get #tick(): number {
    return this.transport?.position ?? 0;
  }

  #setTempo(qpm: number): void {
    const tick = this.#tick;
    this.document?.run(t("Set the tempo to {qpm}", { qpm: Math.round(qpm) }), (project) =>
      withSong(project, setTempo(project.song, tick, qpm)),
    );
  }

  #setSignature(text: string): void {
    const [numerator = 4, denominator = 4] = text.split("/").map(Number);
    const tick = this.#tick;
    this.document?.run(t("Set the meter to {text}", { text }), (project) =>
      withSong(project, setSignature(project.song, tick, numerator, denominator)),
    );
  }

  /** Write the place, again and again while it moves. */
  #showPlace(): void {
    const { transport, document } = this;
    if (!transport || !document) return;
    const { song } = document.project;
    const tick = transport.position;
    this.#write(".bars", barText(song, tick));
    // In place of the time, so that nothing moves under the pointer when sound begins.
    this.#write(".time", this.#isLoading ? t("Loading…") : timeText(song, tick));
    this.#write(".beat", beatText(song, tick, transport.startedAt));
    this.toggleAttribute("counting", transport.state === "counting");
    if (transport.state !== "stopped") {
      this.#frame = requestAnimationFrame(() => this.#showPlace());
    }
  }

  #write(place: string, text: string): void {
    const element = this.renderRoot.querySelector(place);
    if (element && element.textContent !== text) element.textContent = text;
  }

  #tellRecorded(): void {
    const notes = this.recorder?.lastCount ?? 0;
    if (notes === 0) return;
    const detail = { notes, trackId: this.recorder?.lastTrackId ?? null };
    this.dispatchEvent(new CustomEvent("cp-recorded", { detail, bubbles: true, composed: true }));
  }
}

function button(
  sign: string,
  label: string,
  press: () => unknown,
  isDisabled = false,
): TemplateResult {
  return html`<button ?disabled=${isDisabled} aria-label=${label} title=${label} @mousedown=${keepFocus} @click=${press}>${icon(sign)}</button>`;
}

function toggle(sign: string, label: string, isOn: boolean, press: () => unknown): TemplateResult {
  return html`<button class=${sign} aria-label=${label} title=${label} aria-pressed=${isOn}
    @mousedown=${keepFocus} @click=${press}>${icon(sign)}</button>`;
}

function choice(
  label: string,
  options: readonly string[],
  chosen: string,
  choose: (value: string) => void,
): TemplateResult {
  return html`<select aria-label=${label} title=${label} .value=${chosen}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
    ${options.map((option) => html`<option value=${option} ?selected=${option === chosen}>${option}</option>`)}
  </select>`;
}

function shownTempo(song: Song, tick: number): string {
  return String(Math.round(tempoAt(song, tick)));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

customElements.define("cp-transport", CpTransport);
