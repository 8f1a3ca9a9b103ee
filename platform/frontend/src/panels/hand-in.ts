/**
 * `<cp-hand-in>`: hands the piece in to a round, after a look at its rules and its likely score.
 *
 * Properties: `session`, `signedIn`, `round` (a slug; the one that closes first where it is empty).
 * Event: `cp-submitted` {submission} once the site has taken it.
 */
import { html, nothing, type PropertyValues } from "lit";
import { t } from "../lib/i18n.ts";
import type { Song } from "../song/model.ts";
import { type ApiProblem, ask } from "../studio/api.ts";
import { checkList } from "./check-list.ts";
import { Checks } from "./checks.ts";
import { Estimate } from "./estimate.ts";
import { estimateView } from "./estimate-view.ts";
import {
  type FormParts,
  licenceField,
  missingIn,
  rightsField,
  sendButton,
  statementField,
  titleField,
  type Wrong,
} from "./hand-in-form.ts";
import { allowedLicences, type LICENCES } from "./licences.ts";
import { type Drawn, icon, notice, Panel, signInAddress } from "./panel.ts";
import { Rounds } from "./rounds.ts";
import { roundFacts, roundsView } from "./rounds-view.ts";
import type { CompositionRow, RoundRow } from "./rows.ts";
import { adviceFor, takesPieces } from "./rules.ts";
import { Submission } from "./submission.ts";
import { submissionView } from "./submission-view.ts";
import { forget, recall, remember, type Typed, UNTYPED } from "./typed.ts";

export class HandInPanel extends Panel {
  static override properties = {
    ...Panel.properties,
    signedIn: { type: Boolean, attribute: "signed-in" },
    round: { type: String },
  };

  declare signedIn: boolean;
  /** The chosen round's slug; empty: the one that closes first. */
  declare round: string;

  #typed: Typed = UNTYPED;
  /** What the site knows of the piece. */
  #piece: CompositionRow | null = null;
  #wrong: Wrong = {};
  /** The music of the last estimate. */
  #estimated: Song | null = null;
  readonly #rounds = new Rounds(() => this.requestUpdate());
  readonly #checks = new Checks(() => this.requestUpdate());
  readonly #estimate = new Estimate(() => this.requestUpdate());
  readonly #submission = new Submission(() => this.requestUpdate());

  constructor() {
    super();
    this.signedIn = false;
    this.round = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#estimate.followed.resume();
    this.#submission.followed.resume();
    void this.#rounds.load(this.round);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#checks.stop();
    this.#estimate.followed.stop();
    this.#submission.followed.stop();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.#check();
    if (changed.has("round") && changed.get("round") !== undefined && this.round) {
      void this.#rounds.choose(this.round);
    }
  }

  protected override onPiece(id: string | null, isSame: boolean): void {
    if (isSame && id !== null) {
      remember(id, this.#typed);
    } else {
      this.#typed = id === null ? UNTYPED : recall(id);
      this.#wrong = {};
      this.#estimate.forget();
      this.#submission.forget();
    }
    this.#piece = null;
    if (id !== null) void this.#loadPiece(id);
  }

  protected override onMusic(): void {
    this.requestUpdate();
  }

  async #loadPiece(id: string): Promise<void> {
    try {
      const { data } = await ask<CompositionRow>(`compositions/${id}/`);
      if (this.session?.piece.id === id) this.#piece = data;
    } catch {
      // The statement begins empty: what can be typed is not worth an alarm.
    }
    this.requestUpdate();
  }

  /** Check the piece each time that the site has all of it. */
  #check(): void {
    const { session } = this;
    const round = this.#rounds.chosen;
    if (!session || !round || session.isEmpty || session.saver.dirty) return;
    const { id, version } = session.piece;
    if (id !== null && version !== null) this.#checks.see(round.slug, { id, version });
  }

  #change(part: Partial<Typed>): void {
    this.#typed = { ...this.#typed, ...part };
    const names = Object.keys(part);
    this.#wrong = Object.fromEntries(
      Object.entries(this.#wrong).filter(([name]) => !names.includes(name)),
    );
    const id = this.session?.piece.id;
    if (id) remember(id, this.#typed);
    this.requestUpdate();
  }

  get #title(): string {
    return this.#typed.title ?? this.session?.piece.title ?? "";
  }

  get #statement(): string {
    return this.#typed.statement ?? this.#piece?.statement ?? "";
  }

  get #licences(): typeof LICENCES {
    return allowedLicences(this.#piece?.attributions ?? []);
  }

  get #licence(): string {
    const { licence } = this.#typed;
    const allowed = this.#licences.map(([name]) => name);
    return licence !== null && allowed.includes(licence) ? licence : (allowed[0] ?? "");
  }

  async #estimateNow(): Promise<void> {
    const { session } = this;
    const round = this.#rounds.chosen;
    if (!session || !round) return;
    this.#estimated = session.document.committed.song;
    await this.#estimate.request(round.slug, () => session.ensureSaved());
  }

  async #signIn(): Promise<void> {
    const { session } = this;
    if (!session) return;
    // On the site if that can be, in the browser in any case: neither may keep anybody here.
    await session.ensureSaved().catch(() => session.saver.keepNow());
    if (session.piece.id) remember(session.piece.id, this.#typed);
    location.assign(signInAddress(session.piece.id));
  }

  async #handIn(): Promise<void> {
    const { session } = this;
    const round = this.#rounds.chosen;
    if (!session || !round) return;
    this.#wrong = missingIn(this.#title, this.#typed);
    if (Object.keys(this.#wrong).length === 0) {
      const title = this.#title.trim();
      const said = { title, statement: this.#statement, licence: this.#licence };
      const save = () => session.ensureSaved();
      const taken = await this.#submission.send(round.slug, save, said);
      if (taken) return this.#taken(round.slug, session.piece.id);
      this.#wrong = (this.#submission.refusal?.fields ?? {}) as Wrong;
    }
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }

  async #taken(round: string, piece: string | null): Promise<void> {
    if (piece) forget(piece);
    this.tell("cp-submitted", { submission: this.#submission.followed.row });
    await this.updateComplete;
    this.querySelector<HTMLElement>("[data-focus]")?.focus();
    await this.#rounds.choose(round); // the quota is another now
  }

  #another(): void {
    this.#submission.forget();
    this.#change({ rights: false });
  }

  #choose(slug: string): void {
    this.#estimate.forget();
    this.round = slug;
    void this.#rounds.choose(slug);
  }

  protected override render(): Drawn {
    const { row, problem } = this.#submission.followed;
    return html`<div class="panel">
      ${row ? submissionView(row, problem, () => this.#another()) : this.#drawBefore()}
    </div>`;
  }

  #drawBefore(): Drawn {
    const rounds = this.#rounds;
    const choose = (slug: string) => this.#choose(slug);
    const again = () => void rounds.load(this.round);
    return html`${roundsView(rounds, choose, again)}
    ${rounds.chosen ? this.#drawRound(rounds.chosen) : nothing}`;
  }

  #drawRound(round: RoundRow): Drawn {
    if (!takesPieces(round)) {
      const words = t("{title} does not take pieces now. Choose another round.", {
        title: round.title,
      });
      return notice("warning", "", words);
    }
    const { session } = this;
    const isOld = this.#estimated !== session?.document.committed.song;
    const empty = session?.isEmpty ?? true;
    return html`${roundFacts(round, Date.now())} ${checkList(this.#checks)}
    ${estimateView(this.#estimate, isOld, empty, () => this.#estimateNow())}
    ${this.signedIn ? this.#drawForm(round) : this.#drawSignIn()}`;
  }

  #drawSignIn(): Drawn {
    return html`<div class="stack stack--tight">
      ${notice("info", t("Your piece is kept"), t("It waits here, as it is, until you are back from signing in."))}
      <p>
        <button type="button" class="button button--primary panel__main" @click=${() => this.#signIn()}>
          ${icon("key")}${t("Sign in to hand it in")}
        </button>
      </p>
    </div>`;
  }

  #drawForm(round: RoundRow): Drawn {
    const { refusal: problem, sending } = this.#submission;
    const parts: FormParts = {
      typed: this.#typed,
      title: this.#title,
      statement: this.#statement,
      licence: this.#licence,
      licences: this.#licences,
      wrong: this.#wrong,
      change: (part) => this.#change(part),
    };
    const barred = (this.session?.isEmpty ?? true) || round.quota.left === 0;
    return html`<form
      class="panel__form"
      novalidate
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        void this.#handIn();
      }}
    >
      ${titleField(parts)} ${statementField(parts)} ${licenceField(parts)} ${rightsField(parts)}
      ${problem ? refusal(problem, this.session?.piece.id ?? null) : nothing} ${sendButton(sending, barred)}
    </form>`;
  }
}

function refusal(problem: ApiProblem, piece: string | null): Drawn {
  const signedOut = problem.status === 401 || problem.code === "not_authenticated";
  const help = signedOut
    ? html`<p><a href=${signInAddress(piece)}>${t("Sign in again")}</a></p>`
    : adviceFor(problem)
      ? html`<p>${adviceFor(problem)}</p>`
      : nothing;
  return html`<div role="alert">
    ${notice("danger", t("It was not handed in"), problem.message, help)}
  </div>`;
}

customElements.define("cp-hand-in", HandInPanel);

declare global {
  interface HTMLElementTagNameMap {
    "cp-hand-in": HandInPanel;
  }
}
