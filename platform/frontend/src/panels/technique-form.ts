/** The technique's tabs, and the form of the chosen one. */
import { html, nothing } from "lit";
import { t } from "../lib/i18n.ts";
import { modelField } from "./model-field.ts";
import { type Drawn, icon, notice } from "./panel.ts";
import type { ModelRow, ParameterRow, Technique, TechniqueRow, Value, Values } from "./rows.ts";
import { locksField, seedField } from "./seed-field.ts";
import { settingField } from "./setting-field.ts";
import { type Problems, type Settings, sorted } from "./settings.ts";
import { tabAfter } from "./tabs.ts";

const PANEL = "create-panel";
const tabId = (technique: Technique) => `create-${technique}`;

export interface Choice {
  readonly techniques: readonly TechniqueRow[];
  readonly current: TechniqueRow;
  choose(technique: Technique): void;
}

export function techniqueTabs({ techniques, current, choose }: Choice): Drawn {
  const onKey = (event: KeyboardEvent) => {
    const to = tabAfter(event.key, techniques.indexOf(current), techniques.length);
    const row = to === null ? undefined : techniques[to];
    if (!row) return;
    event.preventDefault();
    choose(row.technique);
    const list = event.currentTarget as HTMLElement;
    list.querySelector<HTMLElement>(`#${tabId(row.technique)}`)?.focus();
  };
  return html`<div class="choices" role="tablist" aria-label=${t("Technique")} @keydown=${onKey}>
    ${techniques.map((row) => tab(row, row === current, () => choose(row.technique)))}
  </div>`;
}

function tab(row: TechniqueRow, selected: boolean, choose: () => void): Drawn {
  return html`<button
    type="button"
    role="tab"
    class="choice"
    id=${tabId(row.technique)}
    aria-controls=${PANEL}
    aria-selected=${selected}
    tabindex=${selected ? 0 : -1}
    @click=${choose}
  >
    <span class="choice__name">${t(row.plain_name)}</span>
    <span class="choice__sub">${row.available ? row.model_name : t("not available")}</span>
  </button>`;
}

export interface Form {
  readonly technique: TechniqueRow;
  readonly settings: Settings;
  readonly problems: Problems;
  readonly models: readonly ModelRow[];
  /** What the piece keeps locked. */
  readonly locked: Values;
  readonly sending: boolean;
  /** Whether the piece has no notes. */
  readonly empty: boolean;
  /** Why the last wish was refused. */
  readonly refusal: Drawn;
  change(part: Partial<Settings>): void;
  set(name: string, value: Value): void;
  send(): void;
}

export function techniquePanel(form: Form): Drawn {
  const { technique, description, available, detail } = form.technique;
  return html`<div role="tabpanel" id=${PANEL} aria-labelledby=${tabId(technique)} class="stack">
    <p>${t(description)}</p>
    ${available ? draw(form) : notice("warning", t("Not available just now"), detail ?? "")}
  </div>`;
}

function draw(form: Form): Drawn {
  const { technique, settings, problems, change } = form;
  const { first, more, locks } = sorted(technique);
  const prefix = tabId(technique.technique);
  const field = (parameter: ParameterRow) =>
    settingField({
      parameter,
      prefix,
      value: settings.values[parameter.name] ?? null,
      problems: problems[parameter.name],
      changed: (value) => form.set(parameter.name, value),
    });
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    form.send();
  };
  return html`<form class="panel__form" novalidate @submit=${onSubmit}>
    ${form.refusal} ${first.map(field)}
    ${locks.length > 0 ? locksField(prefix, form.locked, settings.keepLocked, change) : nothing}
    ${seedField(prefix, settings.seed, problems.seed, change)}
    <details class="disclosure">
      <summary>${t("More settings")}</summary>
      ${more.map(field)}
      ${modelField(prefix, form.models, settings.model, problems.model, change)}
    </details>
    ${sendButton(form)}
  </form>`;
}

function sendButton({ technique, sending, empty }: Form): Drawn {
  return html`<div class="form__actions">
    <button class="button button--primary panel__main" ?disabled=${empty || sending}>
      ${icon("note")}${sending ? t("On its way…") : t(technique.plain_name)}
    </button>
    ${empty ? html`<p class="small muted">${t("Play, draw or bring some notes first.")}</p>` : nothing}
  </div>`;
}
