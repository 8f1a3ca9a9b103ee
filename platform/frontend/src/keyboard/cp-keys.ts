/** `<cp-keys>`: a piano on the screen, for mouse, fingers and the keyboard. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { controlStyles, keepFocus } from "../lib/control-styles.ts";
import { Follow } from "../lib/follow.ts";
import { msg, t } from "../lib/i18n.ts";
import { icon } from "../lib/icons.ts";
import { isBlackKey, pitchName } from "../song/words.ts";
import { ComputerKeys, type KeyLabels, keyLabels, NOTE_CODES } from "./computer-keys.ts";
import { Glissando } from "./glissando.ts";
import { HIGHEST_OCTAVE, KeySettings, LOWEST_OCTAVE, VELOCITY_STEP } from "./key-settings.ts";
import { keysStyles } from "./keys-styles.ts";
import { NoteInput } from "./note-input.ts";

/** Pixels: a finger's width, and the most that look like a piano. */
const NARROWEST_KEY = 46;
const MOST_WHITE_KEYS = 22;
const HIGHEST_PITCH = 127;
const HINT = msg("Z X octave, C V velocity, Shift sustain, Esc leaves");

/**
 * Plays into `input`; where the keys lie and how hard they strike is in `settings`. Both may be
 * given, to share them; else the element makes its own. Controls in the slot `more` stand in its
 * bar. It emits no events of its own: subscribe to `input` and `settings`.
 */
export class CpKeys extends LitElement {
  static override properties = {
    input: { attribute: false },
    settings: { attribute: false },
    whiteKeys: { state: true },
    labels: { state: true },
    focused: { state: true },
  };
  static override styles = [controlStyles, keysStyles];

  declare input: NoteInput;
  declare settings: KeySettings;
  declare whiteKeys: number;
  declare labels: KeyLabels;
  /** The pitch of the one key that Tab reaches. */
  declare focused: number | null;

  readonly #fingers = new Glissando({
    on: (pitch, time) => this.input.on(pitch, this.settings.velocity, time, "screen"),
    off: (pitch, time) => this.input.off(pitch, time, "screen"),
  });
  readonly #resized = new ResizeObserver(([entry]) => this.#fit(entry?.contentRect.width ?? 0));
  #computerKeys: ComputerKeys | null = null;
  /** The key that is held by Enter or Space. */
  #pressed: number | null = null;

  constructor() {
    super();
    this.input = new NoteInput();
    this.settings = new KeySettings();
    this.whiteKeys = 14;
    this.labels = new Map();
    this.focused = null;
    new Follow(this, () => [this.input, this.settings]);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    void keyLabels().then((labels) => {
      this.labels = labels;
    });
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (this.#computerKeys && !changed.has("input") && !changed.has("settings")) return;
    this.#computerKeys?.close();
    this.#computerKeys = new ComputerKeys(this.input, this.settings);
  }

  override firstUpdated(): void {
    // Before the first paint, so that no key moves under a finger.
    this.#fit(this.getBoundingClientRect().width);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.input.release("screen", performance.now());
    this.#computerKeys?.close();
    this.#computerKeys = null;
    this.#resized.disconnect();
  }

  override render(): TemplateResult {
    const first = this.settings.firstPitch;
    const whites = this.#whitePitches();
    const last = whites.at(-1) ?? first;
    return html`
      <div class="bar">
        ${this.#captureButton()}
        ${this.#stepper("octave", t("Octave"), pitchName(first), this.settings.octave, [LOWEST_OCTAVE, HIGHEST_OCTAVE], 1)}
        ${this.#stepper("velocity", t("Velocity"), String(this.settings.velocity), this.settings.velocity, [1, 127], VELOCITY_STEP)}
        <slot name="more"></slot>
      </div>
      <div class="keys" role="group" aria-label=${t("Piano, {first} to {last}", { first: pitchName(first), last: pitchName(last) })}
        @pointerdown=${this.#down} @pointermove=${this.#move} @pointerup=${this.#up}
        @pointercancel=${this.#up} @lostpointercapture=${this.#up} @mousedown=${keepFocus}
        @contextmenu=${keepFocus} @keydown=${this.#keyDown} @keyup=${this.#keyUp} @focusout=${this.#leave}>
        ${whites.map((white) => this.#slot(white, last))}
      </div>
      ${this.settings.isCapturing ? html`<p class="hint">${t(HINT)}</p>` : nothing}
    `;
  }

  #captureButton(): TemplateResult {
    const { isCapturing } = this.settings;
    return html`<button class="capture" aria-pressed=${isCapturing} @mousedown=${keepFocus}
      @click=${() => {
        this.settings.isCapturing = !isCapturing;
      }}>${icon("keys")} ${t("Play on the computer’s keys")}</button>`;
  }

  #stepper(
    field: "octave" | "velocity",
    name: string,
    shown: string,
    value: number,
    [least, most]: [number, number],
    step: number,
  ): TemplateResult {
    const button = (by: number, sign: "minus" | "plus", label: string) => html`<button
      aria-label=${label} ?disabled=${by < 0 ? value <= least : value >= most} @mousedown=${keepFocus}
      @click=${() => {
        this.settings[field] += by;
      }}>${icon(sign)}</button>`;
    return html`<div class="group" role="group" aria-label=${name}>
      ${button(-step, "minus", t("{name} down", { name }))}
      <span class="value"><span class="hint">${name}</span><output>${shown}</output></span>
      ${button(step, "plus", t("{name} up", { name }))}
    </div>`;
  }

  /** A white key, and the black one that lies over its right edge. */
  #slot(white: number, last: number): TemplateResult {
    const black = white + 1;
    const hasBlack = white < last && isBlackKey(black);
    return html`<div class="slot">${this.#key(white)}${hasBlack ? this.#key(black) : nothing}</div>`;
  }

  #key(pitch: number): TemplateResult {
    const code = NOTE_CODES[pitch - this.settings.firstPitch];
    const letter = (this.settings.isCapturing && code && this.labels.get(code)) || "";
    const name = pitchName(pitch);
    const isFirst = pitch === (this.#reachable() ?? this.settings.firstPitch);
    return html`<button class="key ${isBlackKey(pitch) ? "black" : "white"}" data-pitch=${pitch}
      ?data-held=${this.input.held.has(pitch)} tabindex=${isFirst ? 0 : -1}
      aria-label=${letter ? t("{name}, key {letter}", { name, letter }) : name}><span class="letter">${letter}</span
      ><span class="name">${this.#isNamed(pitch) ? name : ""}</span></button>`;
  }

  /** Every C; all white keys while no letters stand on them. */
  #isNamed(pitch: number): boolean {
    return pitch % 12 === 0 || !(this.settings.isCapturing || isBlackKey(pitch));
  }

  #whitePitches(): number[] {
    const pitches: number[] = [];
    for (let pitch = this.settings.firstPitch; pitch <= HIGHEST_PITCH; pitch += 1) {
      if (!isBlackKey(pitch)) pitches.push(pitch);
      if (pitches.length === this.whiteKeys) break;
    }
    return pitches;
  }

  #reachable(): number | null {
    const last = this.#whitePitches().at(-1) ?? 0;
    const isShown = (this.focused ?? -1) >= this.settings.firstPitch && (this.focused ?? 0) <= last;
    return isShown ? this.focused : null;
  }

  #fit(width: number): void {
    this.whiteKeys = Math.min(Math.max(Math.floor(width / NARROWEST_KEY), 5), MOST_WHITE_KEYS);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#fingers.down(event.pointerId, this.#pitchUnder(event), event.timeStamp);
  }

  #move(event: PointerEvent): void {
    if (!this.#fingers.isDown(event.pointerId)) return;
    // A fast finger passes several keys between two frames.
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const moved of passed.length > 0 ? passed : [event]) {
      this.#fingers.move(event.pointerId, this.#pitchUnder(moved), moved.timeStamp);
    }
  }

  #up(event: PointerEvent): void {
    this.#fingers.up(event.pointerId, event.timeStamp);
  }

  #pitchUnder({ clientX, clientY }: PointerEvent): number | null {
    return pitchOf(this.shadowRoot?.elementFromPoint(clientX, clientY));
  }

  #keyDown(event: KeyboardEvent): void {
    const pitch = pitchOf(event.target as Element);
    if (pitch === null) return;
    if (event.key === "Enter" || event.key === " ") {
      if (!event.repeat && this.#pressed === null) {
        this.#pressed = pitch;
        this.input.on(pitch, this.settings.velocity, event.timeStamp, "screen");
      }
    } else if (!this.#walk(event.key, pitch)) return;
    event.preventDefault();
  }

  #keyUp(event: KeyboardEvent): void {
    if (event.key === "Enter" || event.key === " ") this.#let(event.timeStamp);
  }

  #leave(event: FocusEvent): void {
    this.#let(event.timeStamp);
  }

  #let(time: number): void {
    if (this.#pressed !== null) this.input.off(this.#pressed, time, "screen");
    this.#pressed = null;
  }

  /** Go to another key by arrows, Home and End; tell whether `key` is one of these. */
  #walk(key: string, pitch: number): boolean {
    const first = this.settings.firstPitch;
    const last = this.#whitePitches().at(-1) ?? first;
    const to = { ArrowLeft: pitch - 1, ArrowRight: pitch + 1, Home: first, End: last }[key];
    if (to === undefined) return false;
    this.focused = Math.min(Math.max(to, first), last);
    const wanted = `[data-pitch="${this.focused}"]`;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(wanted)?.focus(),
    );
    return true;
  }
}

function pitchOf(element: Element | null | undefined): number | null {
  const key = element?.closest<HTMLElement>("[data-pitch]");
  return key ? Number(key.dataset.pitch) : null;
}

customElements.define("cp-keys", CpKeys);
