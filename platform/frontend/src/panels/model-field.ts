/**
 * Which trained network plays: one that somebody trained in the Lab, or the site's own, of which the
 * settings choose the right one.
 */
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../lib/i18n.ts";
import { type Drawn, faults } from "./panel.ts";
import type { ModelRow } from "./rows.ts";
import type { Settings } from "./settings.ts";
import { choiceWord } from "./wording.ts";

export function modelField(
  prefix: string,
  models: readonly ModelRow[],
  chosen: string | null,
  problems: readonly string[] | undefined,
  change: (change: Partial<Settings>) => void,
): Drawn {
  if (!models.some((model) => model.own) && chosen === null) return nothing;
  const id = `${prefix}-model`;
  const missing = models.filter((model) => model.own && !model.available);
  const current = models.find((model) => model.name === chosen);
  return html`<div class="field setting">
    <label for=${id}>${t("Model")}</label>
    <p class="field__help" id="${id}-help">
      ${t("Which trained network plays.")} ${decides(current)}
      ${missing.map((model) => html` ${model.title}: ${model.detail ?? t("not available")}`)}
    </p>
    ${faults(`${id}-faults`, problems)}
    <select
      id=${id}
      aria-describedby="${id}-help${problems?.length ? ` ${id}-faults` : ""}"
      aria-invalid=${problems?.length ? "true" : nothing}
      @change=${(event: Event) => {
        change({ model: (event.target as HTMLSelectElement).value || null });
      }}
    >
      <option value="" .selected=${live(chosen === null)}>
        ${t("The site’s own, by the settings")}
      </option>
      ${groupsOf(models).map(([label, members]) => group(label, members, chosen))}
      ${
        chosen !== null && current === undefined
          ? html`<option value=${chosen} .selected=${live(true)}>${t("A model that is gone")}</option>`
          : nothing
      }
    </select>
  </div>`;
}

/** The models by whose they are; a heading that nobody is under is left out. */
export function groupsOf(models: readonly ModelRow[]): [string, readonly ModelRow[]][] {
  const groups: [string, readonly ModelRow[]][] = [
    [t("Trained by you"), models.filter((model) => model.mine)],
    [t("Shared by others"), models.filter((model) => model.own && !model.mine)],
  ];
  return groups.filter(([, members]) => members.length > 0);
}

function group(label: string, members: readonly ModelRow[], chosen: string | null): Drawn {
  return html`<optgroup label=${label}>
    ${members.map(
      (model) =>
        html`<option
          value=${model.name}
          ?disabled=${!model.available}
          .selected=${live(model.name === chosen)}
        >
          ${model.title}
        </option>`,
    )}
  </optgroup>`;
}

/** A model of one's own decides some settings itself: those that it was trained with. */
function decides(model: ModelRow | undefined): string {
  const fixed = Object.values(model?.fixed ?? {}).filter((value) => typeof value === "string");
  if (fixed.length === 0) return "";
  return t("This one decides: {settings}.", { settings: fixed.map(choiceWord).join(", ") });
}
