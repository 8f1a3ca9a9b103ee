/** The round's rules, each with a mark. */
import { html, nothing } from "lit";
import { plural, t } from "../lib/i18n.ts";
import type { CheckRow, Checks } from "./checks.ts";
import { type Drawn, icon } from "./panel.ts";

export function checkList(checks: Checks): Drawn {
  const { row, trouble } = checks;
  if (!row && !trouble) return nothing;
  const wrong = row?.checks.filter((check) => !check.kept).length ?? 0;
  return html`<section class="stack stack--tight" aria-labelledby="hand-in-rules">
    <h3 id="hand-in-rules">${t("The round’s rules")}</h3>
    <p class="visually-hidden" role="status">
      ${wrong === 0 ? t("Your piece keeps to all rules.") : plural("{count} rule is not kept.", "{count} rules are not kept.", wrong)}
    </p>
    ${row ? html`<ul class="checks">${row.checks.map(line)}</ul>` : nothing}
    ${trouble ? html`<p class="small muted">${trouble}</p>` : nothing}
  </section>`;
}

function line(check: CheckRow): Drawn {
  return html`<li class=${check.kept ? "checks__kept" : "checks__broken"}>
    ${icon(check.kept ? "check" : "cross")}
    <span
      ><span class="visually-hidden">${check.kept ? t("Kept:") : t("Not kept:")}</span>
      ${check.reason || check.rule}</span
    >
  </li>`;
}
