/** The likely score, or the way to it. */
import { html, nothing } from "lit";
import { t } from "../lib/i18n.ts";
import type { Estimate, EstimateRow } from "./estimate.ts";
import { type Drawn, icon, notice } from "./panel.ts";
import { progressOf } from "./progress.ts";
import { scoreView } from "./score-view.ts";

export function estimateView(
  estimate: Estimate,
  musicSince: boolean,
  empty: boolean,
  ask: () => void,
): Drawn {
  const { followed, refusal, asking } = estimate;
  const { row } = followed;
  const trouble = (refusal ?? followed.problem)?.message ?? "";
  const busy = asking || (row !== null && !row.final);
  return html`<section class="stack stack--tight" aria-labelledby="hand-in-estimate">
    <h3 id="hand-in-estimate">${t("What it would score")}</h3>
    <div class="stack stack--tight" aria-live="polite">
      ${row ? outcome(row) : nothing}
      ${trouble ? notice("warning", "", trouble) : nothing}
      ${
        row?.final && musicSince
          ? html`<p class="small muted">${t("The music has changed since this estimate.")}</p>`
          : nothing
      }
    </div>
    ${
      row || trouble
        ? nothing
        : html`<p class="small muted">
            ${t("By the round’s rule, as it would be today. It counts against nothing.")}
          </p>`
    }
    <p>
      <button type="button" class="button button--small" ?disabled=${busy || empty} @click=${ask}>
        ${icon("scale")}${busy ? t("Estimating…") : row ? t("Estimate again") : t("Estimate the score")}
      </button>
    </p>
  </section>`;
}

function outcome(row: EstimateRow): Drawn {
  if (row.score !== null && row.parts) {
    return html`${scoreView(row.score, row.parts)} ${raising(row)}`;
  }
  if (row.final) return notice("warning", t("There is no estimate"), row.detail ?? "");
  return row.job ? progressOf(t("Estimating the score"), row.job) : nothing;
}

function raising(row: EstimateRow): Drawn {
  const found = row.explanation?.suggestions ?? [];
  if (found.length === 0) return nothing;
  return html`<h4>${t("What would raise it")}</h4>
    <ul class="advice">
      ${found.map(({ title, advice }) => html`<li><b>${title}.</b> ${advice}</li>`)}
    </ul>`;
}
