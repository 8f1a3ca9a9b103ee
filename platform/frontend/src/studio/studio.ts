/** `<cp-studio>`: the Music Studio's page, made of its parts. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import "../keyboard/cp-keys.ts";
import "../keyboard/cp-midi.ts";
import { t } from "../lib/i18n.ts";
import { LightElement } from "../lib/light.ts";
import "../roll/cp-roll-tools.ts";
import type { CpRoll } from "../roll/cp-roll.ts";
import "../roll/cp-roll.ts";
import "../roll/cp-tracks.ts";
import type { Overlay } from "../roll/scene.ts";
import { addTrack } from "../song/edits.ts";
import { EMPTY_SONG, projectOf } from "../song/model.ts";
import "./bar.ts";
import type { ExportKind } from "./bar.ts";
import type { StudioConfig } from "./config.ts";
import { withId } from "./config.ts";
import "./cp-transport.ts";
import type { CpTransport } from "./cp-transport.ts";
import type { Draft, Drafts } from "./drafts.ts";
import { exportPiece } from "./exporting.ts";
import { openFile } from "./files.ts";
import type { StudioHelp } from "./help.ts";
import type { QuantizeDialog } from "./quantize-dialog.ts";
import { listenForShortcuts } from "./shortcuts.ts";
import "./side.ts";
import { isSide, type Side } from "./side.ts";
import type { Beginning } from "./start.ts";
import { type Tab, tabList } from "./tabs.ts";
import type { Workbench } from "./workbench.ts";

/** What is fetched when it is first shown: the Studio begins with less. */
const LATER: Readonly<Record<string, () => Promise<unknown>>> = {
  start: () => import("./start.ts"),
  conflict: () => import("./conflict.ts"),
  help: () => import("./help.ts"),
  quantize: () => import("./quantize-dialog.ts"),
  notes: () => import("../roll/cp-notes.ts"),
};

const VIEWS = ["roll", "notes"] as const;
const PLACES = ["tracks", "roll", "keys", "create"] as const;

type Place = (typeof PLACES)[number];

export class MusicStudio extends LightElement {
  static override properties = {
    bench: { attribute: false },
    drafts: { attribute: false },
    config: { attribute: false },
    started: { state: true },
    view: { state: true },
    place: { state: true },
    problem: { state: true },
    exporting: { state: true },
    overlay: { state: true },
    unfinished: { state: true },
  };
  declare bench: Workbench;
  declare drafts: Drafts;
  declare config: StudioConfig;
  /** Whether a piece is open; else the ways to begin are shown. */
  declare started: boolean;
  declare view: (typeof VIEWS)[number];
  declare place: Place;
  declare problem: string;
  declare exporting: string;
  declare overlay: Overlay | null;
  declare unfinished: readonly Draft[];
  #frame = 0;
  #leave: (() => void)[] = [];

  constructor() {
    super();
    this.started = false;
    this.view = "roll";
    this.place = "roll";
    this.problem = "";
    this.exporting = "";
    this.overlay = null;
    this.unfinished = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { session, transport, keySettings, input } = this.bench;
    session.round = this.config.round ?? "";
    this.#leave = [
      input.subscribe(() => this.#showHeld()),
      session.subscribe(() => this.#onSession()),
      transport.subscribe(() => this.#watchPlayhead()),
      listenForShortcuts({
        settings: keySettings,
        scopes: [this],
        run: {
          play: () => this.#transport?.togglePlay(),
          record: () => this.#transport?.toggleRecord(),
          metronome: () => this.#transport?.toggleMetronome(),
          loop: () => this.#transport?.toggleLoop(),
          quantize: () => void this.#openDialog("quantize"),
          undo: () => session.document.undo(),
          redo: () => session.document.redo(),
          help: () => void this.#openDialog("help"),
        },
      }),
    ];
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
    for (const leave of this.#leave) leave();
  }

  get #transport(): CpTransport | null {
    return this.querySelector("cp-transport");
  }

  async #openDialog(name: "help" | "quantize"): Promise<void> {
    await this.#try(async () => {
      await LATER[name]?.();
      await this.querySelector<StudioHelp | QuantizeDialog>(`cp-${name}`)?.open();
    });
  }

  protected override render(): TemplateResult {
    if (!this.started) {
      return html`<cp-start .drafts=${this.unfinished} .problem=${this.problem} @cp-start=${(e: CustomEvent<Beginning>) => void this.#begin(e.detail)}></cp-start>`;
    }
    const { session, desk } = this.bench;
    return html`
      <cp-bar .session=${session} .exporting=${this.exporting}
        @cp-rename=${(e: CustomEvent<string>) => void this.#try(() => session.rename(e.detail))}
        @cp-export=${(e: CustomEvent<ExportKind>) => void this.#export(e.detail)}
        @cp-import=${(e: CustomEvent<File>) => void this.#begin({ kind: "file", file: e.detail })}
        @cp-open=${this.#openPart}></cp-bar>
      <cp-conflict .session=${session}></cp-conflict>
      ${this.problem ? html`<div role="alert" class="notice notice--danger"><div class="notice__body"><p>${this.problem}</p></div></div>` : nothing}
      <h1 class="visually-hidden">${t("{title} in the Studio", { title: session.piece.title })}</h1>
      <div class="studio__places">${tabList("studio-place", t("Parts of the Studio"), this.#places(), this.place, (id) => this.#show(id as Place))}</div>
      <div class="studio" data-shown=${this.place}>
        <div class="studio__transport">${this.#transportRow()}</div>
        <section class="studio__tracks" id="studio-place-tracks" data-place="tracks" aria-label=${t("Tracks")}>
          <cp-tracks .document=${session.document} .desk=${desk}></cp-tracks>
        </section>
        <section class="studio__roll" id="studio-place-roll" data-place="roll" aria-label=${t("Notes")}>${this.#music()}</section>
        <cp-side class="studio__side" role="region" id="studio-place-create" data-place="create" aria-label=${t("Make something of it")}
          .bench=${this.bench} .config=${this.config} @cp-shown=${() => this.#show("create")} @cp-problem=${this.#onProblem}
          @cp-overlay=${this.#onOverlay} @cp-look=${this.#onLook}></cp-side>
        <section class="studio__keys" id="studio-place-keys" data-place="keys" aria-label=${t("Keys")}>
          <cp-keys .input=${this.bench.input} .settings=${this.bench.keySettings}><cp-midi slot="more" .midi=${this.bench.midi}></cp-midi></cp-keys>
        </section>
      </div>
      <cp-quantize .document=${session.document} .selection=${desk.state.selection}></cp-quantize>
      <cp-help .engine=${this.bench.engine}></cp-help>
    `;
  }

  #places(): readonly Tab[] {
    return [
      { id: "tracks", label: t("Tracks") },
      { id: "roll", label: t("Notes") },
      { id: "keys", label: t("Keys") },
      { id: "create", label: t("Create") },
    ];
  }

  #transportRow(): TemplateResult {
    const { session, transport, recorder, engine, recordsInto } = this.bench;
    return html`<cp-transport .document=${session.document} .transport=${transport} .recorder=${recorder} .engine=${engine} .trackId=${recordsInto} @cp-recorded=${this.#onRecorded}></cp-transport>`;
  }

  #music(): TemplateResult {
    const { session, desk } = this.bench;
    const tabs = [
      { id: "roll", label: t("Piano roll") },
      { id: "notes", label: t("List of notes") },
    ];
    const choose = (id: string) => {
      this.view = id === "notes" ? "notes" : "roll";
      void this.#try(() => LATER[id]?.());
    };
    return html`
      ${tabList("studio-view", t("Views of the notes"), tabs, this.view, choose)}
      <cp-roll-tools .document=${session.document} .desk=${desk} @cp-quantize=${() => void this.#openDialog("quantize")}></cp-roll-tools>
      <div role="tabpanel" id="studio-view-${this.view}" aria-labelledby="studio-view-tab-${this.view}">${
        this.view === "roll"
          ? html`<cp-roll .document=${session.document} .desk=${desk} .overlay=${this.overlay}
              @cp-audition=${this.#audition} @cp-seek=${(e: CustomEvent<{ tick: number }>) => this.bench.transport.seek(e.detail.tick)}></cp-roll>`
          : html`<cp-notes .document=${session.document} .desk=${desk}></cp-notes>`
      }</div>
    `;
  }

  protected override updated(_changed: PropertyValues): void {
    this.#watchPlayhead();
  }

  async #open(): Promise<void> {
    const id = this.config.composition;
    if (id !== null) {
      await this.#try(() => this.bench.session.open(id));
      this.started = this.problem === "";
      const wanted = new URLSearchParams(location.search).get("panel");
      if (this.started && isSide(wanted)) await this.#showSide(wanted);
      return;
    }
    void this.#try(() => LATER.start?.());
    const drafts = await this.drafts.all().catch(() => []);
    this.unfinished = drafts.filter((draft) => draft.composition === null && draft.dirty);
  }

  async #begin(beginning: Beginning): Promise<void> {
    this.problem = "";
    const { session } = this.bench;
    await this.#try(async () => {
      if (beginning.kind === "draft") session.resume(beginning.draft);
      else if (beginning.kind === "file") {
        const { project, title } = await openFile(beginning.file);
        await session.begin(project, title);
      } else if (beginning.kind === "sample") {
        const { sampleSong } = await import("../samples/melodies.ts");
        await session.begin(projectOf(sampleSong(beginning.sample.id)), beginning.sample.title);
      } else {
        await session.begin(projectOf(addTrack(EMPTY_SONG, { name: t("Melody") })), t("Untitled"));
        if (beginning.kind === "play") this.place = "keys";
      }
      this.started = true;
    });
    await this.updateComplete;
    if (beginning.kind === "play" && this.started) this.bench.keySettings.isCapturing = true;
    this.querySelector<HTMLElement>("cp-bar")?.scrollIntoView({ block: "nearest" });
  }

  #onSession(): void {
    const { saver, piece } = this.bench.session;
    if (saver.state === "conflict" || saver.state === "refused") {
      void this.#try(() => LATER.conflict?.());
    }
    const { id } = piece;
    if (id !== null) {
      const here = withId(this.config.urls.editor, id);
      if (location.pathname !== here) history.replaceState(null, "", here + location.search);
    }
    this.requestUpdate();
  }

  #openPart(event: CustomEvent<"start" | "hand-in" | "help">): void {
    if (event.detail === "help") void this.#openDialog("help");
    else if (event.detail === "hand-in") void this.#showSide("hand-in");
    else location.assign(this.config.urls.fresh);
  }

  #show(place: Place): void {
    this.place = place;
  }

  async #showSide(side: Side): Promise<void> {
    await this.updateComplete;
    this.querySelector("cp-side")?.show(side);
  }

  #onProblem(event: CustomEvent<string>): void {
    this.problem = event.detail;
  }

  #onOverlay(event: CustomEvent<Overlay | null>): void {
    this.overlay = event.detail;
  }

  /** Let an edit that is replayed be seen, too. */
  #onLook(event: CustomEvent<{ tick: number; pitch: number }>): void {
    this.querySelector<CpRoll>("cp-roll")?.reveal(event.detail.tick, event.detail.pitch);
  }

  #audition(
    event: CustomEvent<{ trackId: number; pitch: number; velocity: number; on: boolean }>,
  ): void {
    const { trackId, pitch, velocity, on } = event.detail;
    this.bench.audition(trackId, pitch, velocity, on);
  }

  /** The next take goes on in the same track. */
  #onRecorded(event: CustomEvent<{ trackId: number | null }>): void {
    this.bench.desk.set({ activeTrack: event.detail.trackId });
    this.requestUpdate();
  }

  #showHeld(): void {
    const roll = this.querySelector<CpRoll>("cp-roll");
    if (roll) roll.sounding = this.bench.input.held;
  }

  async #export(kind: ExportKind): Promise<void> {
    await this.#try(() =>
      exportPiece(kind, this.bench.session, (said) => {
        this.exporting = said;
      }),
    );
    this.exporting = "";
  }

  /** Do something that can be refused, and show the refusal. */
  async #try(work: () => unknown): Promise<void> {
    this.problem = "";
    try {
      await work();
    } catch (problem) {
      this.problem = problem instanceof Error ? problem.message : String(problem);
    }
  }

  /** Move the playhead with the music, once a frame, only while it moves. */
  #watchPlayhead(): void {
    cancelAnimationFrame(this.#frame);
    const { transport } = this.bench;
    const roll = this.querySelector<CpRoll>("cp-roll");
    if (roll) {
      roll.following = transport.state === "playing";
      roll.playhead = transport.position;
    }
    if (transport.state !== "stopped") {
      this.#frame = requestAnimationFrame(() => this.#watchPlayhead());
    }
  }
}

customElements.define("cp-studio", MusicStudio);
