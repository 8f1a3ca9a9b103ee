/** The hand-in form's fields. */
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../lib/i18n.ts";
import type { LICENCES } from "./licences.ts";
import { type Drawn, faults, icon } from "./panel.ts";
import type { Typed } from "./typed.ts";

const LONGEST_TITLE = 80;
const LONGEST_STATEMENT = 2000;

export type Wrong = Readonly<Record<string, readonly string[]>>;

export interface FormParts {
  readonly typed: Typed;
  readonly title: string;
  readonly statement: string;
  readonly licence: string;
  readonly licences: typeof LICENCES;
  readonly wrong: Wrong;
  change(part: Partial<Typed>): void;
}

function described(id: string, wrong: readonly string[] | undefined, help = true): string {
  return [help ? `${id}-help` : "", wrong?.length ? `${id}-faults` : ""].filter(Boolean).join(" ");
}

export function titleField({ title, wrong, change }: FormParts): Drawn {
  return html`<div class="field">
    <label for="hand-in-title">${t("Title")}</label>
    <p class="field__help" id="hand-in-title-help">${t("As it stands on the board.")}</p>
    ${faults("hand-in-title-faults", wrong.title)}
    <input
      id="hand-in-title"
      type="text"
      required
      maxlength=${LONGEST_TITLE}
      autocomplete="off"
      aria-describedby=${described("hand-in-title", wrong.title)}
      aria-invalid=${wrong.title ? "true" : nothing}
      .value=${live(title)}
      @input=${(event: Event) => change({ title: (event.target as HTMLInputElement).value })}
    />
  </div>`;
}

export function statementField({ statement, wrong, change, typed }: FormParts): Drawn {
  const proposed = typed.statement === null && statement !== "";
  return html`<div class="field">
    <label for="hand-in-statement"
      >${t("How it was made")} <span class="field__optional">${t("(optional)")}</span></label
    >
    <p class="field__help" id="hand-in-statement-help">
      ${
        proposed
          ? t("Filled in from what the models did. Change it as you like; everybody can read it.")
          : t("What you set out to do, and how you used the models. Everybody can read it.")
      }
    </p>
    ${faults("hand-in-statement-faults", wrong.statement)}
    <textarea
      id="hand-in-statement"
      rows="4"
      maxlength=${LONGEST_STATEMENT}
      aria-describedby=${described("hand-in-statement", wrong.statement)}
      aria-invalid=${wrong.statement ? "true" : nothing}
      .value=${live(statement)}
      @input=${(event: Event) => change({ statement: (event.target as HTMLTextAreaElement).value })}
    ></textarea>
  </div>`;
}

export function licenceField({ licence, licences, wrong, change }: FormParts): Drawn {
  return html`<div class="field">
    <label for="hand-in-licence">${t("What others may do with it")}</label>
    ${faults("hand-in-licence-faults", wrong.licence)}
    <select
      id="hand-in-licence"
      aria-describedby=${described("hand-in-licence", wrong.licence, false) || nothing}
      @change=${(event: Event) => change({ licence: (event.target as HTMLSelectElement).value })}
    >
      ${licences.map(
        ([value, words]) =>
          html`<option value=${value} .selected=${live(value === licence)}>${t(words)}</option>`,
      )}
    </select>
  </div>`;
}

export function rightsField({ typed, wrong, change }: FormParts): Drawn {
  return html`<div class="field field--check">
    <input
      id="hand-in-rights"
      type="checkbox"
      required
      aria-describedby=${described("hand-in-rights", wrong.rights, false) || nothing}
      aria-invalid=${wrong.rights ? "true" : nothing}
      .checked=${live(typed.rights)}
      @change=${(event: Event) => change({ rights: (event.target as HTMLInputElement).checked })}
    />
    <label for="hand-in-rights"
      >${t("I made this piece, or may share it under the licence above.")}</label
    >
    ${faults("hand-in-rights-faults", wrong.rights)}
  </div>`;
}

/** What is missing before anything is sent. */
export function missingIn(title: string, typed: Typed): Wrong {
  const wrong: Record<string, readonly string[]> = {};
  if (title.trim() === "") wrong.title = [t("Give your piece a title.")];
  if (!typed.rights) wrong.rights = [t("Confirm that you may share this piece.")];
  return wrong;
}

export function sendButton(sending: boolean, disabled: boolean): Drawn {
  return html`<div class="form__actions">
    <button class="button button--primary panel__main" ?disabled=${disabled || sending}>
      ${icon("upload")}${sending ? t("Handing in…") : t("Hand in")}
    </button>
  </div>`;
}
