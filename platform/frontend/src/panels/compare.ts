/**
 * `<cp-compare>`: a generation's input and result, heard and seen side by side.
 *
 * Properties: `session`, `generation` (finished; null for none). Method: `switch()` goes to the other
 * side. Needs `<cp-edits>` to be defined for generations with edit events.
 * Events: `cp-listen` {song, side, isSame} with what is to be heard (`isSame`: but for some edits, it
 * is what was heard before), `cp-overlay` {song, added, removed} with what is to be seen (the roll's
 * `overlay`), both null in the end; for an edit that is replayed `cp-look` {tick, pitch}, and
 * `cp-strike` {part, pitch, velocity} if it is heard; `cp-kept` {generation} when the result was opened,
 * `cp-close` when the comparison is over.
 */
import { html, nothing, type PropertyValues } from "lit";
import { t } from "../lib/i18n.ts";
import "../roll/cp-edits.ts";
import { type EditEvent, editedTrack } from "../song/changes.ts";
import { withSong } from "../song/edits.ts";
import { type Project, projectOf } from "../song/model.ts";
import { legend, sides } from "./compare-view.ts";
import { loadComparison } from "./comparison.ts";
import { counts } from "./generation-card.ts";
import { type Drawn, icon, moveTo, notice, Panel, sentenceOf } from "./panel.ts";
import { Review, type Side, takeName } from "./review.ts";
import type { GenerationRow } from "./rows.ts";
import { plain } from "./wording.ts";

export class ComparePanel extends Panel {
  static override properties = { ...Panel.properties, generation: { attribute: false } };

  /** The finished generation to look at; null: none. */
  declare generation: GenerationRow | null;

  #review: Review | null = null;
  /** The input as a project, which the list of edits draws its words from. */
  #base: Project | null = null;
  #trouble = "";
  #busy = false;

  constructor() {
    super();
    this.generation = null;
  }

  /** The other side than the one that is heard: for a key of the Studio's own. */
  switch(): void {
    if (this.#review) this.#listen(this.#review.side === "input" ? "result" : "input");
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("generation")) void this.#load(this.generation);
  }

  async #load(row: GenerationRow | null): Promise<void> {
    this.#review = null;
    this.#trouble = "";
    if (!row) return;
    try {
      const comparison = await loadComparison(row);
      if (this.generation !== row) return;
      this.#base = comparison.input && projectOf(comparison.input);
      this.#become(new Review(comparison));
    } catch (problem) {
      if (this.generation === row) this.#trouble = sentenceOf(problem);
    }
    this.requestUpdate();
  }

  #become(review: Review): void {
    const before = this.#review;
    this.#review = review;
    const { side, heard } = review;
    if (before?.heard !== heard) {
      this.tell("cp-listen", { song: heard, side, isSame: before?.side === side });
    }
    this.tell("cp-overlay", { song: review.shown.song, ...review.marks });
    this.requestUpdate();
  }

  /** End a replay of the edits. */
  pause(): void {
    this.querySelector("cp-edits")?.pause();
  }

  #listen(side: Side): void {
    this.pause();
    if (this.#review && this.#review.side !== side) this.#become(this.#review.with({ side }));
  }

  #close(): void {
    this.pause();
    this.generation = null;
    this.tell("cp-overlay", null);
    this.tell("cp-listen", null);
    this.tell("cp-close", null);
  }

  async #keep(review: Review): Promise<void> {
    const { row, events } = review.comparison;
    const { session } = this;
    if (!session || !row.result?.composition) return;
    this.#busy = true;
    this.#trouble = "";
    this.requestUpdate();
    try {
      await moveTo(session, row.result.composition);
      const { taken } = review;
      if (taken) {
        const name = takeName(taken.count, events.length);
        session.document.run(name, (project) => withSong(project, taken.song));
      }
      this.tell("cp-kept", { generation: row });
      this.#close();
    } catch (problem) {
      this.#trouble = sentenceOf(problem);
    } finally {
      this.#busy = false;
      this.requestUpdate();
    }
  }

  protected override render(): Drawn {
    if (!this.generation) {
      return html`<p class="muted">
        ${t("When a model has made something of your piece, you compare the two here.")}
      </p>`;
    }
    return html`<div class="panel">
      ${this.#trouble ? html`<div role="alert">${notice("warning", t("That did not work"), this.#trouble)}</div>` : nothing}
      ${this.#review ? this.#draw(this.#review) : this.#drawWaiting(this.generation)}
    </div>`;
  }

  #drawWaiting(row: GenerationRow): Drawn {
    if (!this.#trouble)
      return html`<p class="muted" role="status">${t("Fetching both sides…")}</p>`;
    return html`<div class="row">
      <button type="button" class="button button--small" @click=${() => this.#load(row)}>
        ${icon("refresh")}${t("Try again")}
      </button>
      ${this.#drawDiscard(t("Close"))}
    </div>`;
  }

  #draw(review: Review): Drawn {
    const { row, input } = review.comparison;
    return html`<h3>${plain(row.technique).name}</h3>
      ${row.result ? counts(row.result) : nothing}
      ${
        input
          ? sides(review.side, (side) => this.#listen(side))
          : notice(
              "info",
              "",
              t("Your piece changed so often since then that only the result can be shown."),
            )
      }
      ${input ? legend() : nothing} ${review.hasEvents ? this.#drawEdits(review) : nothing}
      ${this.#drawActions(review)}`;
  }

  #drawEdits(review: Review): Drawn {
    const { events } = review.comparison;
    return html`<section class="stack stack--tight" aria-label=${t("Edit by edit")}>
      <p class="small muted">
        ${t("Log-odds say how sure the model was: 0 is a coin’s toss, 3 about 20 to 1, below 0 a risk it took.")}
      </p>
      <cp-edits
        .events=${events}
        .base=${this.#base}
        .step=${review.step}
        .accepted=${review.accepted}
        @cp-step=${this.#onStep}
        @cp-hear=${this.#onHear}
        @cp-choose=${this.#onChoose}
        @cp-accept=${this.#onAccept}
      ></cp-edits>
    </section>`;
  }

  readonly #onStep = (event: CustomEvent<{ step: number }>) => {
    event.stopPropagation();
    const { step } = event.detail;
    if (!this.#review) return;
    const edit = this.#review.comparison.events[step - 1];
    const note = edit?.after ?? edit?.before;
    this.#become(this.#review.with({ step, side: "result" }));
    if (note) this.tell("cp-look", { tick: note.start, pitch: note.pitch });
  };

  /** The note that an edit adds or changes; softly the one that it takes away. */
  readonly #onHear = (event: CustomEvent<{ event: EditEvent }>) => {
    event.stopPropagation();
    const input = this.#base?.song;
    const { event: edit } = event.detail;
    const part = input && editedTrack(input, edit);
    const note = edit.after ?? edit.before;
    if (!part || !note) return;
    const velocity = edit.after ? note.velocity : Math.ceil(note.velocity / 2);
    this.tell("cp-strike", { part, pitch: note.pitch, velocity });
  };

  readonly #onChoose = (event: CustomEvent<{ accepted: readonly number[] }>) => {
    event.stopPropagation();
    const accepted = new Set(event.detail.accepted);
    if (this.#review) this.#become(this.#review.with({ accepted, side: "result" }));
  };

  readonly #onAccept = (event: CustomEvent) => {
    this.#onChoose(event);
    if (this.#review) void this.#keep(this.#review);
  };

  #drawActions(review: Review): Drawn {
    return html`<div class="form__actions">
      ${review.hasEvents ? nothing : this.#drawKeep(review)}
      ${this.#drawDiscard(t("Discard"))}
      <p class="small muted">
        ${t("Your piece stays as it is; the result is a piece of its own, and in Versions you find both.")}
      </p>
    </div>`;
  }

  /** With edits to choose from, their list has the button that takes the chosen ones. */
  #drawKeep(review: Review): Drawn {
    return html`<button
      type="button"
      class="button button--primary"
      ?disabled=${this.#busy || !review.comparison.row.result?.composition}
      @click=${() => this.#keep(review)}
    >
      ${icon("check")}${t("Keep the result")}
    </button>`;
  }

  #drawDiscard(words: string): Drawn {
    return html`<button type="button" class="button" @click=${() => this.#close()}>${words}</button>`;
  }
}

customElements.define("cp-compare", ComparePanel);

declare global {
  interface HTMLElementTagNameMap {
    "cp-compare": ComparePanel;
  }
}
