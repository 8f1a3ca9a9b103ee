/**
 * `<cp-create>`: asks for generations and shows how they are going.
 *
 * Properties: `session`, `signedIn`, `technique` (whose settings are shown). Method: `use(generation)`
 * fills its settings in.
 * Events: `cp-result` {generation} when one came in, `cp-compare` {generation} to look at it beside
 * its input, `cp-kept` {generation} when its result was opened.
 */
import { html, nothing } from "lit";
import { t } from "../lib/i18n.ts";
import { lockParameters } from "../song/locks.ts";
import { ApiProblem } from "../studio/api.ts";
import { type CardActions, generationCard } from "./generation-card.ts";
import { Generations } from "./generations.ts";
import { type Drawn, icon, moveTo, notice, Panel, sentenceOf, signInLink } from "./panel.ts";
import type { GenerationRow, Technique, TechniqueRow, Values } from "./rows.ts";
import { problemsIn, type Wish, wishOf } from "./settings.ts";
import { techniquePanel, techniqueTabs } from "./technique-form.ts";
import { Techniques } from "./techniques.ts";
import { plain } from "./wording.ts";

interface Refusal {
  readonly title: string;
  readonly text: string;
  /** Whether an account would help. */
  readonly account: boolean;
}

export class CreatePanel extends Panel {
  static override properties = {
    ...Panel.properties,
    signedIn: { type: Boolean, attribute: "signed-in" },
    technique: { type: String },
  };

  /** Whether the person has an account; guests may generate less. */
  declare signedIn: boolean;
  /** The technique whose settings are shown. */
  declare technique: Technique;

  #refusal: Refusal | null = null;
  #sending = false;
  #busy: string | null = null;
  #said = "";
  readonly #techniques = new Techniques(() => this.requestUpdate());
  readonly #generations = new Generations(
    () => this.requestUpdate(),
    (row) => this.#arrived(row),
  );

  constructor() {
    super();
    this.signedIn = false;
    this.technique = "accompany";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#generations.resume();
    if (this.#techniques.all.length === 0) void this.#techniques.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#generations.stop();
  }

  /** Show a technique with the settings of an earlier generation. */
  use(earlier: GenerationRow): void {
    const technique = this.#techniques.use(earlier);
    if (!technique) return;
    this.technique = technique;
    this.#say(t("The settings of that generation are filled in."));
  }

  protected override onPiece(id: string | null): void {
    if (id === null) return;
    // Unreachable: what is under way is found when the piece is opened again, or asked for.
    this.#generations.load(id).catch((problem: unknown) => this.#say(sentenceOf(problem)));
  }

  protected override onMusic(): void {
    this.requestUpdate();
  }

  #say(words: string): void {
    this.#said = words;
    this.requestUpdate();
  }

  #arrived(row: GenerationRow): void {
    this.#say(t("{name}: your piece is ready.", { name: plain(row.technique).name }));
    this.tell("cp-result", { generation: row });
  }

  #locked(): Values {
    return this.session ? { ...lockParameters(this.session.document.committed) } : {};
  }

  async #generate(technique: TechniqueRow): Promise<void> {
    if (!this.#techniques.check(technique)) {
      await this.#showProblems();
      return;
    }
    await this.#send(wishOf(technique, this.#techniques.settingsOf(technique), this.#locked()));
  }

  async #send(wish: Wish): Promise<void> {
    const { session } = this;
    if (!session || this.#sending) return;
    this.#sending = true;
    this.#refusal = null;
    this.requestUpdate();
    try {
      const { id, version } = await session.ensureSaved();
      await this.#generations.request({ id, version }, wish);
      this.#say(t("On its way. You can go on playing."));
      void this.#showNewest();
    } catch (problem) {
      this.#refuse(problem);
    } finally {
      this.#sending = false;
      this.requestUpdate();
    }
    if (this.#techniques.hasProblems) await this.#showProblems();
  }

  /** Bring the newest card into view: it stands below the settings, where a small panel ends. */
  async #showNewest(): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector("article")?.scrollIntoView({ block: "nearest" });
  }

  #refuse(problem: unknown, title = t("Nothing was asked for")): void {
    if (!(problem instanceof ApiProblem)) throw problem;
    this.#techniques.problems = problemsIn(problem.fields);
    const account = !this.signedIn && [401, 403, 429].includes(problem.status);
    this.#refusal = { title, text: problem.message, account };
  }

  /** Move to the first field that needs another value, opening what hides it. */
  async #showProblems(): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    const wrong = this.querySelector<HTMLElement>("[aria-invalid=true]");
    const details = wrong?.closest("details");
    if (details) details.open = true;
    wrong?.focus();
  }

  /** Do something to one card, and say so if it is refused. */
  async #act(row: GenerationRow, action: () => Promise<unknown>): Promise<void> {
    this.#busy = row.id;
    this.#refusal = null;
    this.requestUpdate();
    try {
      await action();
    } catch (problem) {
      this.#refuse(problem, t("That did not work"));
    } finally {
      this.#busy = null;
      this.requestUpdate();
    }
  }

  async #keep(row: GenerationRow): Promise<void> {
    const composition = row.result?.composition;
    if (!this.session || !composition) return;
    await moveTo(this.session, composition);
    this.tell("cp-kept", { generation: row });
  }

  async #again(row: GenerationRow): Promise<void> {
    const { technique, parameters, model } = row;
    const wish = { technique, parameters, model, seed: null };
    const { session } = this;
    const own = session !== null && session.piece.id === row.input;
    const piece = own ? await session.ensureSaved() : { id: row.input, version: row.input_version };
    await this.#generations.request(piece, wish);
  }

  #actions(): CardActions {
    return {
      busy: this.#busy,
      piece: this.session?.piece.id ?? null,
      cancel: (row) => void this.#act(row, () => this.#generations.cancel(row.id)),
      compare: (row) => this.tell("cp-compare", { generation: row }),
      keep: (row) => void this.#act(row, () => this.#keep(row)),
      again: (row) => void this.#act(row, () => this.#again(row)),
      use: (row) => this.use(row),
      hide: (row) => this.#generations.hide(row.id),
    };
  }

  protected override render(): Drawn {
    const entries = this.#generations.entriesFor(this.session?.piece.id ?? null);
    const actions = this.#actions();
    return html`<div class="panel">
      <p class="visually-hidden" role="status">${this.#said}</p>
      ${this.#techniques.all.length === 0 ? this.#drawWaiting() : this.#drawTechniques()}
      ${
        entries.length === 0
          ? nothing
          : html`<section class="stack stack--tight" aria-label=${t("Generations")}>
              ${entries.map((entry) => generationCard(entry, actions))}
            </section>`
      }
    </div>`;
  }

  #drawWaiting(): Drawn {
    const { trouble } = this.#techniques;
    if (trouble === "") return html`<p class="muted">${t("Looking for the models…")}</p>`;
    return html`${notice("warning", t("The models cannot be reached"), trouble)}
      <p>
        <button type="button" class="button button--small" @click=${() => this.#techniques.load()}>
          ${icon("refresh")}${t("Try again")}
        </button>
      </p>`;
  }

  #drawTechniques(): Drawn {
    const offered = this.#techniques;
    const techniques = offered.all;
    const current = techniques.find((row) => row.technique === this.technique) ?? techniques[0];
    if (!current) return nothing;
    const choose = (technique: Technique) => this.#choose(technique);
    return html`${techniqueTabs({ techniques, current, choose })}
    ${techniquePanel({
      technique: current,
      settings: offered.settingsOf(current),
      problems: offered.problems,
      models: offered.modelsOf(current),
      locked: this.#locked(),
      sending: this.#sending,
      empty: this.session?.isEmpty ?? true,
      refusal: this.#drawRefusal(),
      change: (part) => offered.change(current, part),
      set: (name, value) => offered.set(current, name, value),
      send: () => void this.#generate(current),
    })}`;
  }

  #choose(technique: Technique): void {
    this.technique = technique;
    this.#techniques.problems = {};
    this.#refusal = null;
  }

  #drawRefusal(): Drawn {
    const refusal = this.#refusal;
    if (!refusal) return nothing;
    const help = refusal.account
      ? signInLink(this.session?.piece.id ?? null, t("Sign in for more"))
      : nothing;
    return html`<div role="alert">${notice("danger", refusal.title, refusal.text, help)}</div>`;
  }
}

customElements.define("cp-create", CreatePanel);

declare global {
  interface HTMLElementTagNameMap {
    "cp-create": CreatePanel;
  }
}
