/** A piece that was handed in: how its scoring is going, and where its entry is. */
import { html, nothing } from "lit";
import { t } from "../lib/i18n.ts";
import type { ApiProblem } from "../studio/api.ts";
import { badge, type Drawn, icon, notice } from "./panel.ts";
import { progressOf } from "./progress.ts";
import type { SubmissionRow } from "./rows.ts";
import { scoreView } from "./score-view.ts";

export function submissionView(
  row: SubmissionRow,
  problem: ApiProblem | null,
  another: () => void,
): Drawn {
  return html`<article
      class="job"
      data-focus
      tabindex="-1"
      aria-label=${row.title}
      ?data-stale=${problem?.mayPass}
    >
      <div class="job__head">
        <h3>${row.title}</h3>
        ${stateBadge(row)}
      </div>
      <div role="status">${row.final ? outcome(row) : t("Your piece has arrived. You may leave this page.")}</div>
      ${row.final || !row.job ? nothing : progressOf(t("Scoring your piece"), row.job)}
      ${row.final && row.score !== null && row.parts ? scoreView(row.score, row.parts) : nothing}
    </article>
    <div class="row">
      <a class="button ${row.final ? "button--primary" : ""}" href="/entries/${row.entry}/"
        >${icon("arrow-right")}${t("Go to your entry")}</a
      >
      <button type="button" class="button button--quiet" @click=${another}>
        ${t("Hand in another version")}
      </button>
    </div>`;
}

function stateBadge(row: SubmissionRow): Drawn {
  if (!row.final) return badge(t("Being scored"), "blue", "note");
  return row.score === null
    ? badge(t("Not scored"), "red", "cross")
    : badge(t("Scored"), "green", "check");
}

function outcome(row: SubmissionRow): Drawn {
  if (row.score !== null) return html`<p class="visually-hidden">${t("Your piece is scored.")}</p>`;
  const why = row.detail ?? t("Look at your entry for what happened.");
  return notice("danger", t("Your piece could not be scored"), why);
}
