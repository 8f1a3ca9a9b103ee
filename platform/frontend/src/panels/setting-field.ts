/** One setting of a technique as a form field: a slider with its number, a choice, a switch. */
import { html, noChange, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../lib/i18n.ts";
import { type Drawn, faults } from "./panel.ts";
import type { ParameterRow, Value } from "./rows.ts";
import { stepOf } from "./settings.ts";
import { choiceWord } from "./wording.ts";

const FEW = 4;

export interface Field {
  readonly parameter: ParameterRow;
  readonly value: Value;
  readonly problems: readonly string[] | undefined;
  /** Begins the ids of the field's parts. */
  readonly prefix: string;
  changed(value: Value): void;
}

export function settingField(field: Field): Drawn {
  const { kind, choices } = field.parameter;
  if (kind === "boolean") return switchField(field);
  if (kind === "choice") return choices.length <= FEW ? radioField(field) : selectField(field);
  return numberField(field);
}

interface Ids {
  readonly id: string;
  readonly help: string;
  readonly faults: string;
  readonly describedBy: string;
}

function idsOf({ parameter, prefix, problems }: Field): Ids {
  const id = `${prefix}-${parameter.name}`;
  const [help, wrong] = [`${id}-help`, `${id}-faults`];
  return { id, help, faults: wrong, describedBy: problems?.length ? `${help} ${wrong}` : help };
}

function help(field: Field, ids: Ids): Drawn {
  return html`<p class="field__help" id=${ids.help}>${t(field.parameter.help)}</p>
    ${faults(ids.faults, field.problems)}`;
}

function numberField(field: Field): Drawn {
  const { parameter, value } = field;
  const { minimum, maximum, optional, kind } = parameter;
  const ids = idsOf(field);
  const unit = parameter.unit === "%" ? "%" : t(parameter.unit);
  const step = stepOf(parameter);
  const shown = shownOf(value);
  const heard = (event: Event) => {
    const { value: text, valueAsNumber } = event.target as HTMLInputElement;
    field.changed(text === "" && optional ? null : valueAsNumber);
  };
  return html`<div class="field setting">
    <label for=${ids.id}>${t(parameter.label)}</label>
    ${help(field, ids)}
    <div class="setting__number">
      ${
        optional
          ? nothing
          : html`<input
              type="range"
              aria-label=${t("{label}, slider", { label: t(parameter.label) })}
              min=${minimum ?? 0}
              max=${maximum ?? 1}
              step=${step}
              .value=${shown === "" ? String(minimum ?? 0) : shown}
              @input=${heard}
            />`
      }
      <span class="setting__value">
        <input
          id=${ids.id}
          type="number"
          inputmode=${kind === "integer" ? "numeric" : "decimal"}
          min=${minimum ?? 0}
          max=${maximum ?? nothing}
          step=${kind === "integer" ? "1" : "any"}
          placeholder=${optional ? t("not set") : nothing}
          aria-describedby=${ids.describedBy}
          aria-invalid=${field.problems?.length ? "true" : nothing}
          .value=${shown}
          @input=${heard}
        />${unit ? html`<span class="setting__unit" aria-hidden="true">${unit}</span>` : nothing}
      </span>
    </div>
  </div>`;
}

/** A number field's text: what is no number yet stays as it is typed. */
export function shownOf(value: Value): string | typeof noChange {
  if (typeof value !== "number") return "";
  return Number.isNaN(value) ? noChange : String(value);
}

function radioField(field: Field): Drawn {
  const { parameter, value } = field;
  const ids = idsOf(field);
  return html`<fieldset
    class="field setting"
    aria-describedby=${ids.describedBy}
    aria-invalid=${field.problems?.length ? "true" : nothing}
  >
    <legend>${t(parameter.label)}</legend>
    ${help(field, ids)}
    <div class="chips">
      ${parameter.choices.map(
        (choice) => html`<label class="chip"
          ><input
            type="radio"
            name=${ids.id}
            value=${choice}
            .checked=${live(choice === value)}
            @change=${() => field.changed(choice)}
          />${choiceWord(choice)}</label
        >`,
      )}
    </div>
  </fieldset>`;
}

function selectField(field: Field): Drawn {
  const { parameter, value } = field;
  const ids = idsOf(field);
  return html`<div class="field setting">
    <label for=${ids.id}>${t(parameter.label)}</label>
    ${help(field, ids)}
    <select
      id=${ids.id}
      aria-describedby=${ids.describedBy}
      aria-invalid=${field.problems?.length ? "true" : nothing}
      @change=${(event: Event) => field.changed((event.target as HTMLSelectElement).value)}
    >
      ${parameter.choices.map(
        (choice) =>
          html`<option value=${choice} .selected=${live(choice === value)}>
            ${choiceWord(choice)}
          </option>`,
      )}
    </select>
  </div>`;
}

function switchField(field: Field): Drawn {
  const { parameter, value } = field;
  const ids = idsOf(field);
  return html`<div class="field field--check setting">
    <input
      id=${ids.id}
      type="checkbox"
      aria-describedby=${ids.describedBy}
      .checked=${live(value === true)}
      @change=${(event: Event) => field.changed((event.target as HTMLInputElement).checked)}
    />
    <label for=${ids.id}>${t(parameter.label)}</label>
    ${help(field, ids)}
  </div>`;
}
