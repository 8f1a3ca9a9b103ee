/** A generation on its way or done, as a card. */
import { html, nothing } from "lit";
import { t } from "../lib/i18n.ts";
import type { Entry } from "./generations.ts";
import { badge, type Drawn, icon, notice } from "./panel.ts";
import { progressOf } from "./progress.ts";
import type { GenerationRow, ResultRow } from "./rows.ts";
import { plain, stateWord } from "./wording.ts";

export interface CardActions {
  cancel(row: GenerationRow): void;
  compare(row: GenerationRow): void;
  keep(row: GenerationRow): void;
  again(row: GenerationRow): void;
  use(row: GenerationRow): void;
  hide(row: GenerationRow): void;
  readonly busy: string | null;
  /** The piece that is open. */
  readonly piece: string | null;
}

const BADGES = {
  waiting: ["", "clock"],
  running: ["blue", "note"],
  succeeded: ["green", "check"],
  failed: ["red", "cross"],
  cancelled: ["", ""],
} as const;

export function generationCard(entry: Entry, actions: CardActions): Drawn {
  const { row } = entry;
  const words = plain(row.technique);
  const [tone, symbol] = BADGES[row.state];
  const again = row.state === "running" && row.job.state === "backoff";
  return html`<article
    class="job"
    aria-label=${row.final ? words.name : words.doing}
    data-generation=${row.id}
    ?data-stale=${entry.problem?.mayPass}
  >
    <div class="job__head">
      <h3>${row.final ? words.name : words.doing}</h3>
      ${badge(again ? t("Will try again") : stateWord(row.state), tone, symbol)}
    </div>
    ${entry.problem && !entry.problem.mayPass ? notice("warning", "", entry.problem.message) : nothing}
    ${row.final ? ended(row, actions) : underWay(row, actions)}
  </article>`;
}

function underWay(row: GenerationRow, actions: CardActions): Drawn {
  const elsewhere = row.input !== actions.piece;
  return html`${progressOf(plain(row.technique).doing, row.job)}
    ${elsewhere ? html`<p class="small muted">${t("It works on another piece of yours.")}</p>` : nothing}
    <p>
      <button
        type="button"
        class="button button--small"
        ?disabled=${actions.busy === row.id}
        @click=${() => actions.cancel(row)}
      >
        ${icon("cross")}${t("Cancel")}
      </button>
    </p>`;
}

function ended(row: GenerationRow, actions: CardActions): Drawn {
  if (row.state === "succeeded" && row.result) return succeeded(row, row.result, actions);
  const why = row.detail ?? t("Your piece is as it was.");
  return html`${row.state === "failed" ? notice("danger", t("Nothing came of it"), why) : html`<p class="small muted">${why}</p>`}
    <div class="row">${againButton(row, actions)} ${hideButton(row, actions)}</div>`;
}

function succeeded(row: GenerationRow, result: ResultRow, actions: CardActions): Drawn {
  const open = result.composition !== null && result.composition === actions.piece;
  return html`${counts(result)}
    ${result.composition === null ? html`<p class="small muted">${t("You deleted the result.")}</p>` : nothing}
    <div class="row">
      ${
        result.composition === null
          ? nothing
          : html`<button
                type="button"
                class="button button--small button--primary"
                @click=${() => actions.compare(row)}
              >
                ${t("Compare")}
              </button>
              ${
                open
                  ? nothing
                  : html`<button
                      type="button"
                      class="button button--small"
                      ?disabled=${actions.busy === row.id}
                      @click=${() => actions.keep(row)}
                    >
                      ${t("Keep it")}
                    </button>`
              }`
      }
      ${againButton(row, actions)} ${hideButton(row, actions)}
    </div>
    <p class="small muted num">
      ${t("Seed {seed}, {model}", { seed: row.seed, model: row.model_title || row.model })}
      <button type="button" class="link-button" @click=${() => actions.use(row)}>
        ${t("Use these settings")}
      </button>
    </p>`;
}

/** "+21 −4": what a generation added and removed, in both pencils. */
export function counts(result: ResultRow): Drawn {
  return html`<p>
    <span class="edit--add"><b>+${result.added}</b> ${t("added")}</span>,
    <span class="edit--remove"><b>−${result.removed}</b> ${t("removed")}</span
    ><span class="muted"
      >: ${t("{before} notes became {after}.", { before: result.notes_in, after: result.notes_out })}</span
    >
  </p>`;
}

function againButton(row: GenerationRow, actions: CardActions): Drawn {
  return html`<button
    type="button"
    class="button button--small"
    ?disabled=${actions.busy === row.id}
    @click=${() => actions.again(row)}
  >
    ${icon("refresh")}${row.state === "succeeded" ? t("Again with another seed") : t("Try again")}
  </button>`;
}

function hideButton(row: GenerationRow, actions: CardActions): Drawn {
  return html`<button
    type="button"
    class="button button--small button--quiet button--icon"
    aria-label=${t("Put {name} away", { name: plain(row.technique).name })}
    @click=${() => actions.hide(row)}
  >
    ${icon("cross")}
  </button>`;
}
