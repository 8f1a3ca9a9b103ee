/** `<cp-hand-in>`: hands the piece in to a round, after a look at its rules and its likely score. */
import { html, nothing, type PropertyValues } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../lib/i18n.ts";
import { formatLeft } from "../lib/time-text.ts";
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
import { type Drawn, icon, notice, Panel, sentenceOf, signInAddress } from "./panel.ts";
import type { CompositionRow, Page, RoundRow, RoundSummaryRow } from "./rows.ts";
import { adviceFor, quotaInWords, takesPieces } from "./rules.ts";
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

  #rounds: readonly RoundSummaryRow[] | null = null;
  #about: RoundRow | null = null;
  #typed: Typed = UNTYPED;
  /** What the site knows of the piece. */
  #piece: CompositionRow | null = null;
  #wrong: Wrong = {};
  #trouble = "";
  #musicSince = false;
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
    void this.#loadRounds();
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
    if (changed.has("round") && this.round && this.round !== this.#about?.slug) {
      void this.#loadRound(this.round);
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
    this.#musicSince = true;
    this.requestUpdate();
  }

  async #loadRounds(): Promise<void> {
    this.#trouble = "";
    try {
      const [open, frozen] = await Promise.all([
        ask<Page<RoundSummaryRow>>("rounds/?phase=open"),
        ask<Page<RoundSummaryRow>>("rounds/?phase=frozen"),
      ]);
      const found = [...open.data.results, ...frozen.data.results].filter(takesPieces);
      this.#rounds = found.sort((a, b) => Date.parse(a.closes_at) - Date.parse(b.closes_at));
      if (!this.round) this.round = this.#rounds[0]?.slug ?? "";
    } catch (problem) {
      this.#trouble = sentenceOf(problem);
    }
    this.requestUpdate();
  }

  async #loadRound(slug: string): Promise<void> {
    this.#estimate.forget();
    try {
      const { data } = await ask<RoundRow>(`rounds/${slug}/`);
      if (this.round !== slug) return;
      this.#about = data;
    } catch (problem) {
      this.#trouble = sentenceOf(problem);
    }
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
    if (!session || !this.#about || session.isEmpty || session.saver.dirty) return;
    const { id, version } = session.piece;
    if (id !== null && version !== null) this.#checks.see(this.#about.slug, { id, version });
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
    if (!session || !this.#about) return;
    this.#musicSince = false;
    await this.#estimate.request(this.#about.slug, () => session.ensureSaved());
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
    if (!session || !this.#about) return;
    this.#wrong = missingIn(this.#title, this.#typed);
    if (Object.keys(this.#wrong).length === 0) {
      const title = this.#title.trim();
      const said = { title, statement: this.#statement, licence: this.#licence };
      const taken = await this.#submission.send(
        this.#about.slug,
        () => session.ensureSaved(),
        said,
      );
      if (taken) return this.#taken(session.piece.id);
      this.#wrong = (this.#submission.refusal?.fields ?? {}) as Wrong;
    }
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }

  async #taken(piece: string | null): Promise<void> {
    if (piece) forget(piece);
    this.tell("cp-submitted", { submission: this.#submission.followed.row });
    await this.updateComplete;
    this.querySelector<HTMLElement>("[data-focus]")?.focus();
    if (this.round) void this.#loadRound(this.round); // the quota
  }

  #another(): void {
    this.#submission.forget();
    this.#change({ rights: false });
  }

  protected override render(): Drawn {
    return html`<div class="panel">
      ${this.#trouble ? this.#drawTrouble() : nothing} ${this.#drawBody()}
    </div>`;
  }

  #drawTrouble(): Drawn {
    return html`<div role="alert">
        ${notice("warning", t("The rounds cannot be reached"), this.#trouble)}
      </div>
      <p>
        <button type="button" class="button button--small" @click=${() => this.#loadRounds()}>
          ${icon("refresh")}${t("Try again")}
        </button>
      </p>`;
  }

  #drawBody(): Drawn {
    const { row, problem } = this.#submission.followed;
    if (row) return submissionView(row, problem, () => this.#another());
    if (this.#rounds === null) {
      return this.#trouble ? nothing : html`<p class="muted">${t("Looking for open rounds…")}</p>`;
    }
    if (this.#rounds.length === 0 && !this.#about) {
      return html`<p>${t("No round takes pieces just now. Your piece is safe here until one does.")}</p>
        <p><a href="/rounds/">${t("See the rounds")}</a></p>`;
    }
    return html`${this.#drawRounds(this.#rounds)} ${this.#about ? this.#drawAbout(this.#about) : nothing}`;
  }

  #drawRounds(rounds: readonly RoundSummaryRow[]): Drawn {
    const known = rounds.some((round) => round.slug === this.round);
    const all = known || !this.#about ? rounds : [this.#about, ...rounds];
    return html`<div class="field">
      <label for="hand-in-round">${t("Round")}</label>
      <select
        id="hand-in-round"
        @change=${(event: Event) => {
          this.round = (event.target as HTMLSelectElement).value;
        }}
      >
        ${all.map(
          (round) =>
            html`<option value=${round.slug} .selected=${live(round.slug === this.round)}>
              ${round.title}
            </option>`,
        )}
      </select>
    </div>`;
  }

  #drawAbout(round: RoundRow): Drawn {
    if (!takesPieces(round)) {
      return notice(
        "warning",
        "",
        t("{title} does not take pieces now. Choose another round.", { title: round.title }),
      );
    }
    const left = Date.parse(round.closes_at) - Date.now();
    return html`<p class="small">
        ${icon("clock")} ${t("Closes in {time}.", { time: formatLeft(left) })}
        ${quotaInWords(round.quota)} <a href="/rounds/${round.slug}/">${t("About this round")}</a>
      </p>
      ${checkList(this.#checks)}
      ${estimateView(this.#estimate, this.#musicSince, this.session?.isEmpty ?? true, () => this.#estimateNow())}
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
