/** Choosing a round, and how it stands. */
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../lib/i18n.ts";
import { formatLeft } from "../lib/time-text.ts";
import { type Drawn, icon, notice } from "./panel.ts";
import type { Rounds } from "./rounds.ts";
import type { RoundRow } from "./rows.ts";
import { quotaInWords, resetInWords } from "./rules.ts";

/** What stands in place of a form as long as there is no round to hand in to. */
export function roundsView(
  rounds: Rounds,
  choose: (slug: string) => void,
  again: () => void,
): Drawn {
  const { open, chosen, trouble } = rounds;
  return html`${trouble ? unreachable(trouble, again) : nothing}
  ${open?.length || chosen ? picker(rounds, choose) : trouble ? nothing : none(open !== null)}`;
}

function unreachable(trouble: string, again: () => void): Drawn {
  return html`<div role="alert">
      ${notice("warning", t("The rounds cannot be reached"), trouble)}
    </div>
    <p>
      <button type="button" class="button button--small" @click=${again}>
        ${icon("refresh")}${t("Try again")}
      </button>
    </p>`;
}

function none(known: boolean): Drawn {
  if (!known) return html`<p class="muted">${t("Looking for open rounds…")}</p>`;
  return html`<p>${t("No round takes pieces just now. Your piece is safe here until one does.")}</p>
    <p><a href="/rounds/">${t("See the rounds")}</a></p>`;
}

function picker({ open, chosen }: Rounds, choose: (slug: string) => void): Drawn {
  const known = open ?? [];
  const isKnown = known.some(({ slug }) => slug === chosen?.slug);
  const all = chosen && !isKnown ? [chosen, ...known] : known;
  return html`<div class="field">
    <label for="hand-in-round">${t("Round")}</label>
    <select
      id="hand-in-round"
      @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
    >
      ${all.map(
        ({ slug, title }) =>
          html`<option value=${slug} .selected=${live(slug === chosen?.slug)}>${title}</option>`,
      )}
    </select>
  </div>`;
}

export function roundFacts(round: RoundRow, now: number): Drawn {
  const time = formatLeft(Date.parse(round.closes_at) - now);
  return html`<div class="small">
    <p>
      ${icon("clock")} ${t("Closes in {time}.", { time })}
      <a href="/rounds/${round.slug}/">${t("About this round")}</a>
    </p>
    <p>${icon("upload")} ${quotaInWords(round.quota)} ${resetInWords(round, now)}</p>
  </div>`;
}
