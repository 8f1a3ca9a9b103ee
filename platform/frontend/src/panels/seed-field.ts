/** The seed, the model and the locks: the settings that every technique shares. */
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { plural, t } from "../lib/i18n.ts";
import { type Drawn, faults, icon } from "./panel.ts";
import type { ModelRow, Values } from "./rows.ts";
import { shownOf } from "./setting-field.ts";
import { MAX_SEED, type Settings } from "./settings.ts";
import { inRuns } from "./wording.ts";

type Change = (change: Partial<Settings>) => void;

export function seedField(
  prefix: string,
  seed: number | null,
  problems: readonly string[] | undefined,
  change: Change,
): Drawn {
  const id = `${prefix}-seed`;
  const heard = (event: Event) => {
    const { value, valueAsNumber } = event.target as HTMLInputElement;
    change({ seed: value === "" ? null : valueAsNumber });
  };
  return html`<div class="field setting">
    <label for=${id}>${t("Seed")}</label>
    <p class="field__help" id="${id}-help">
      ${t("The same seed with the same settings gives the same music. Empty: another one each time.")}
    </p>
    ${faults(`${id}-faults`, problems)}
    <div class="setting__number">
      <input
        id=${id}
        type="number"
        inputmode="numeric"
        min="0"
        max=${MAX_SEED}
        step="1"
        placeholder=${t("random")}
        aria-describedby="${id}-help${problems?.length ? ` ${id}-faults` : ""}"
        aria-invalid=${problems?.length ? "true" : nothing}
        .value=${shownOf(seed)}
        @input=${heard}
      />
      <button
        type="button"
        class="button button--small"
        ?disabled=${seed === null}
        @click=${() => change({ seed: null })}
      >
        ${icon("refresh")}${t("Random")}
      </button>
    </div>
  </div>`;
}

export function modelField(
  prefix: string,
  models: readonly ModelRow[],
  chosen: string | null,
  problems: readonly string[] | undefined,
  change: Change,
): Drawn {
  if (models.length < 2 && chosen === null) return nothing;
  const id = `${prefix}-model`;
  const missing = models.filter((model) => !model.available);
  return html`<div class="field setting">
    <label for=${id}>${t("Model")}</label>
    <p class="field__help" id="${id}-help">
      ${t("Which trained network plays.")}
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
        ${t("The one that fits the settings")}
      </option>
      ${models.map(
        (model) =>
          html`<option
            value=${model.name}
            ?disabled=${!model.available}
            .selected=${live(model.name === chosen)}
          >
            ${model.title}
          </option>`,
      )}
    </select>
  </div>`;
}

/** What the piece keeps locked, and whether this generation leaves it alone. */
export function locksField(prefix: string, locked: Values, keep: boolean, change: Change): Drawn {
  const said = locksInWords(locked);
  if (said === "") {
    return html`<p class="small muted setting__locks">
      ${icon("lock")}<span
        >${t("Nothing is locked. Notes and bars that you lock in the roll stay as they are.")}</span
      >
    </p>`;
  }
  const id = `${prefix}-locks`;
  return html`<div class="field field--check setting">
    <input
      id=${id}
      type="checkbox"
      aria-describedby="${id}-help"
      .checked=${live(keep)}
      @change=${(event: Event) => change({ keepLocked: (event.target as HTMLInputElement).checked })}
    />
    <label for=${id}>${t("Leave what is locked alone")}</label>
    <p class="field__help" id="${id}-help">${said}</p>
  </div>`;
}

/** "Bars 1-4, 7; 3 notes"; empty if nothing is locked. */
export function locksInWords(locked: Values): string {
  const listed = (name: string): readonly number[] => {
    const found = locked[name];
    return Array.isArray(found) ? found : [];
  };
  const bars = listed("locked_bars");
  const notes = listed("locked_notes").length;
  const said = [
    bars.length === 0
      ? ""
      : plural("Bar {bars}", "Bars {bars}", bars.length, { bars: inRuns(bars) }),
    notes === 0 ? "" : plural("{count} note", "{count} notes", notes),
  ];
  return said.filter(Boolean).join("; ");
}
