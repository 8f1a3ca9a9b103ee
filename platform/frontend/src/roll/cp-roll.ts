/**
 * `<cp-roll>`: the piano roll.
 *
 * Properties: `document`, `desk`, `playhead` (tick or null), `following` (scroll along with the
 * playhead), `overlay`, `ghost`, `sounding` (pitches that sound), `label`.
 * Events: `cp-audition` {pitch, velocity, on, trackId}, `cp-seek` {tick}, `cp-loop` {from, until},
 * `cp-leave` (cancelable: what Escape does; by default the focus goes to the help below).
 */
import { html, type PropertyDeclarations, type PropertyValues } from "lit";
import { t } from "../lib/i18n.ts";
import type { Project } from "../song/model.ts";
import { isCalm } from "./calm.ts";
import { Canvases } from "./canvases.ts";
import type { Cursor } from "./cursor.ts";
import { DeskElement } from "./desk-element.ts";
import { FREE_STEP, snapDown } from "./grid.ts";
import type { Point } from "./hit.ts";
import { Keyboard } from "./keyboard.ts";
import { KEYS } from "./keymap.ts";
import type { Layout } from "./layout.ts";
import type { Above } from "./paint.ts";
import { Pointers } from "./pointer.ts";
import { rollStyles } from "./roll-styles.ts";
import type { Overlay, Scene } from "./scene.ts";
import { type Ids, NONE } from "./sets.ts";
import type { Stage } from "./stage.ts";
import { controls, shared } from "./styles.ts";
import { readTheme, type Theme, watchTheme } from "./theme.ts";
import { following, revealing, type View } from "./view.ts";
import { Viewport } from "./viewport.ts";

export class CpRoll extends DeskElement implements Stage {
  static override properties: PropertyDeclarations = {
    ...DeskElement.properties,
    overlay: { attribute: false },
    ghost: { attribute: false },
    sounding: { attribute: false },
    following: { type: Boolean },
    label: { type: String },
  };

  static override styles = [shared, controls, rollStyles];

  declare overlay: Overlay | null;
  declare ghost: Project | null;
  declare sounding: Ids;
  declare following: boolean;
  declare label: string;

  readonly #keyboard = new Keyboard(this);
  readonly #viewport: Viewport;
  #canvases: Canvases | null = null;
  #pointers: Pointers | null = null;
  #theme: Theme | null = null;
  #playhead: number | null = null;
  #box: Above["box"] = null;
  #focused = false;
  #speech = 0;
  #ends: (() => void)[] = [];
  #played: Ids = NONE;

  constructor() {
    super();
    this.overlay = null;
    this.ghost = null;
    this.sounding = NONE;
    this.following = false;
    this.label = t("Piano roll");
    this.#viewport = new Viewport({
      desk: () => this.desk,
      song: () => this.document.project.song,
      track: () => this.activeTrack,
      changed: () => this.#canvases?.music(),
    });
  }

  get layout(): Layout {
    return this.#viewport.layout;
  }

  get view(): View {
    return this.#viewport.view;
  }

  /** Tick of the playhead; null: none. Cheap to set for every frame. */
  get playhead(): number | null {
    return this.#playhead;
  }

  set playhead(tick: number | null) {
    this.#playhead = tick;
    if (tick !== null && this.following) this.look(following(this.view, tick, isCalm()));
    this.#canvases?.above();
  }

  /** The keyboard's place. */
  get cursor(): Cursor {
    return this.#keyboard.cursor;
  }

  look(view: View): void {
    this.#viewport.look(view);
  }

  /** Scroll so that a tick and a pitch are in view. */
  reveal(tick: number, pitch: number): void {
    this.look(revealing(this.view, tick, pitch));
  }

  say(text: string): void {
    clearTimeout(this.#speech);
    // Keys held down would make a queue of sentences; only the last one is wanted.
    this.#speech = window.setTimeout(() => {
      const live = this.renderRoot.querySelector("[aria-live]");
      if (live) live.textContent = text;
    }, 120);
    this.#canvases?.above();
  }

  sound(pitch: number, on: boolean, velocity = this.desk.state.velocity): void {
    const others = [...this.#played].filter((other) => other !== pitch);
    this.#played = new Set(on ? [...others, pitch] : others);
    this.#canvases?.music();
    this.tell("cp-audition", { pitch, velocity, on, trackId: this.activeTrack?.id ?? null });
  }

  showBox(from: Point, to: Point): void {
    this.#box = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
    this.#canvases?.above();
  }

  hideBox(): void {
    this.#box = null;
    this.#canvases?.above();
  }

  point(tick: number, pitch: number): void {
    this.#keyboard.place({ tick: snapDown(this.song, tick, this.desk.state.snap), pitch });
  }

  seek(tick: number): void {
    this.tell("cp-seek", { tick });
  }

  setLoop(from: number, until: number): void {
    this.desk.set({ loop: { from, until } });
    this.tell("cp-loop", { from, until });
  }

  leave(): void {
    if (this.tell("cp-leave", {})) this.renderRoot.querySelector("summary")?.focus();
  }

  /** Draw now instead of with the next frame: for pictures and measurements. */
  redraw(): void {
    this.#canvases?.now();
  }

  override focus(options?: FocusOptions): void {
    this.#surface.focus(options);
  }

  protected override heard(): void {
    this.#viewport.follow();
    if (this.#viewport.isMisfit) this.#resize();
    this.#canvases?.music();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#pointers?.cancel();
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#watch();
  }

  protected override firstUpdated(): void {
    const [lower, upper] = this.renderRoot.querySelectorAll("canvas");
    if (!lower || !upper) return;
    this.#canvases = new Canvases(lower, upper, {
      scene: () => this.#scene(),
      above: () => this.#above(),
    });
    this.#pointers = new Pointers(this, this.#surface);
    this.#watch();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("document")) {
      this.#keyboard.restart();
      this.#viewport.restart();
    }
    if (changed.has("desk")) this.heard();
    this.#canvases?.music();
  }

  protected override render() {
    return html`
      <div
        class="surface"
        role="application"
        aria-roledescription=${t("piano roll")}
        aria-label=${this.label}
        aria-describedby="how"
        tabindex="0"
        @keydown=${this.#keydown}
        @focus=${this.#focus}
        @blur=${this.#blur}
      >
        <canvas aria-hidden="true"></canvas>
        <canvas aria-hidden="true"></canvas>
      </div>
      <p id="how" hidden>
        ${t("Arrow keys move the cursor, Enter adds or removes a note, n and p go from note to note, Escape leaves. The table of notes offers the same without this region.")}
      </p>
      <div class="visually-hidden" aria-live="polite"></div>
      <details>
        <summary>${t("Keys of the piano roll")}</summary>
        <dl>
          ${KEYS.map((row) => html`<div><dt>${row.keys.replaceAll("Mod+", "Ctrl/⌘ ")}</dt><dd>${row.does()}</dd></div>`)}
        </dl>
      </details>
      <span class="probe"></span>
    `;
  }

  get #surface(): HTMLElement {
    return this.renderRoot.querySelector(".surface") as HTMLElement;
  }

  #watch(): void {
    const resized = new ResizeObserver(() => this.#resize());
    resized.observe(this.#surface);
    const themed = watchTheme(() => {
      this.#theme = null;
      this.#canvases?.music();
    });
    this.#ends = [() => resized.disconnect(), themed];
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#surface;
    if (width === 0 || height === 0) return;
    this.#canvases?.resize(width, height);
    this.#viewport.fit(width, height);
    this.#canvases?.music();
  }

  #scene(): Scene {
    const { project } = this.document;
    this.#theme ??= readTheme(this.renderRoot.querySelector(".probe") as HTMLElement);
    return {
      project,
      view: this.view,
      layout: this.layout,
      theme: this.#theme,
      shown: this.desk.shownIn(project.song),
      snap: this.desk.state.snap,
      loop: this.desk.state.loop,
      overlay: this.overlay,
      ghost: this.ghost,
      sounding: new Set([...this.sounding, ...this.#played]),
    };
  }

  #above(): Above {
    const { snap, selection } = this.desk.state;
    const cursor = { ...this.cursor, ticks: snap || FREE_STEP };
    return {
      playhead: this.#playhead,
      selection,
      box: this.#box,
      cursor: this.#focused ? cursor : null,
    };
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.#pointers?.cancel()) {
      event.preventDefault();
    } else if (this.#keyboard.press(event)) {
      this.#focused = true;
      event.preventDefault();
      event.stopPropagation();
    }
  }

  #focus(): void {
    this.#focused = this.#surface.matches(":focus-visible");
    if (this.#focused) {
      this.reveal(this.cursor.tick, this.cursor.pitch);
      this.say(this.#keyboard.describe());
    }
    this.#canvases?.above();
  }

  #blur(): void {
    this.#focused = false;
    this.#canvases?.above();
  }
}

customElements.define("cp-roll", CpRoll);
