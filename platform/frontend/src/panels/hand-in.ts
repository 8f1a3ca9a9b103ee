/**
 * `<cp-hand-in>`: hands the piece in to a round, after a look at its rules and its likely score.
 *
 * Properties: `session`, `signedIn`, `round` (a slug; the one that closes first where it is empty).
 * Event: `cp-submitted` {submission} once the site has taken it.
 */
import { html, nothing, type PropertyValues } from "lit";
import { t } from "../lib/i18n.ts";
import type { Song } from "../song/model.ts";
import type { ApiProblem } from "../studio/api.ts";
import { checkList } from "./check-list.ts";
import { Checks } from "./checks.ts";
import { HandInDraft } from "./draft.ts";
import { Estimate } from "./estimate.ts";
import { estimateView } from "./estimate-view.ts";
import {
  type FormParts,
  licenceField,
  rightsField,
  sendButton,
  statementField,
  titleField,
  type Wrong,
} from "./hand-in-form.ts";
import { type Drawn, icon, notice, Panel, signInAddress } from "./panel.ts";
import { Rounds } from "./rounds.ts";
import { roundFacts, roundsView } from "./rounds-view.ts";
import type { RoundRow } from "./rows.ts";
import { adviceFor, takesPieces } from "./rules.ts";
import { Submission } from "./submission.ts";
import { submissionView } from "./submission-view.ts";

const MINUTE_MS = 60_000;

export class HandInPanel extends Panel {
  static override properties = {
    ...Panel.properties,
    signedIn: { type: Boolean, attribute: "signed-in" },
    round: { type: String },
  };

  declare signedIn: boolean;
  /** The chosen round's slug; empty: the one that closes first. */
  declare round: string;

  /** The music of the last estimate. */
  #estimated: Song | null = null;
  #clock = 0;
  readonly #draft = new HandInDraft(() => this.requestUpdate());
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
    this.#clock = window.setInterval(() => this.#passTime(), MINUTE_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
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
    this.#draft.open(id, isSame);
    if (isSame && id !== null) return;
    this.#estimate.forget();
    this.#submission.forget();
  }

  protected override onMusic(): void {
    this.requestUpdate();
  }

  /** Times left are told anew; a quota that was given back in the meantime is asked for. */
  #passTime(): void {
    const { chosen } = this.#rounds;
    const reset = chosen?.quota.resets_at;
    if (chosen && reset && Date.parse(reset) <= Date.now()) void this.#rounds.choose(chosen.slug);
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

  get #title(): string {
    return this.#draft.title ?? this.session?.piece.title ?? "";
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
    this.#draft.keep();
    location.assign(signInAddress(session.piece.id));
  }

  async #handIn(): Promise<void> {
    const { session } = this;
    const round = this.#rounds.chosen;
    if (!session || !round) return;
    if (this.#draft.check(this.#title)) {
      const save = () => session.ensureSaved();
      const taken = await this.#submission.send(round.slug, save, this.#draft.said(this.#title));
      if (taken) return this.#taken(round.slug);
      this.#draft.wrong = (this.#submission.refusal?.fields ?? {}) as Wrong;
    }
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }

  async #taken(round: string): Promise<void> {
    this.#draft.done();
    this.tell("cp-submitted", { submission: this.#submission.followed.row });
    await this.updateComplete;
    this.querySelector<HTMLElement>("[data-focus]")?.focus();
    await this.#rounds.choose(round); // the quota is another now
  }

  #another(): void {
    this.#submission.forget();
    this.#draft.change({ rights: false });
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
    const { typed, statement, licence, licences, wrong } = this.#draft;
    const parts: FormParts = {
      ...{ typed, statement, licence, licences, wrong },
      title: this.#title,
      change: (part) => this.#draft.change(part),
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
