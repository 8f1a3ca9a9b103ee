/** A score as the entry page shows it: the total, a bar of its parts, and what each says. */
import { html, nothing, svg } from "lit";
import { decimal, t } from "../lib/i18n.ts";
import type { Drawn } from "./panel.ts";
import type { Parts } from "./rows.ts";
import { type PartLine, partLines } from "./score.ts";

export function scoreView(total: number, parts: Parts): Drawn {
  const lines = partLines(parts, total);
  return html`<div class="stack stack--tight">
    <p class="score">
      <span class="score__value">${decimal(total, 1)}</span>
      <span class="score__of">${t("of 100")}</span>
    </p>
    ${bar(lines)}
    <dl class="parts">${lines.map(about)}</dl>
  </div>`;
}

function bar(lines: readonly PartLine[]): Drawn {
  const said = lines.map((line) => `${line.label} ${pointsOf(line)}`).join(", ");
  return html`<div class="score-bar">
    <svg width="100%" height="14" role="img" aria-label=${said}>
      <rect class="score-bar__ground" width="100%" height="100%" rx="1" />
      ${lines.map(
        (line) => svg`<rect class="score-bar__part part-${line.color}" x="${line.x}%"
            width="${line.points}%" height="100%"></rect>
          ${hatch(line, `${line.x}%`, `${line.points}%`, "100%")}
          ${line.x > 0 ? svg`<line class="score-bar__edge" x1="${line.x}%" x2="${line.x}%" y1="0" y2="100%"></line>` : nothing}`,
      )}
    </svg>
  </div>`;
}

function about(line: PartLine): Drawn {
  return html`<div class="parts__line">
    <dt>
      <svg width="14" height="14" aria-hidden="true">
        ${svg`<rect class="score-bar__part part-${line.color}" width="14" height="14" rx="2"></rect>`}
        ${hatch(line, "0", "14", "14")}
      </svg>
      ${line.label}
    </dt>
    <dd class="num">${pointsOf(line)}</dd>
    <dd class="parts__text">
      <span class="muted">${line.meaning}</span> ${line.reasons.map((reason) => html`${reason} `)}
    </dd>
  </div>`;
}

/** The page's hatch for a part, so that color never speaks alone. */
function hatch({ color }: PartLine, x: string, width: string, height: string): Drawn {
  if (color === 1) return nothing;
  return svg`<rect x=${x} width=${width} height=${height} fill="url(#pattern-${color})"></rect>` as Drawn;
}

function pointsOf(line: PartLine): string {
  return t("{points} of {maximum}", {
    points: decimal(line.points, 1),
    maximum: Math.round(line.maximum),
  });
}
