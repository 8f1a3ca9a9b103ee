/** The list of a piece's earlier states. */
import { html, nothing } from "lit";
import { plural, t } from "../lib/i18n.ts";
import { badge, type Drawn } from "./panel.ts";
import type { VersionRow } from "./rows.ts";
import { clock, moment } from "./wording.ts";

export interface VersionActions {
  readonly busy: boolean;
  restore(number: number): void;
}

export function versionList(versions: readonly VersionRow[], actions: VersionActions): Drawn {
  return html`<section class="stack stack--tight" aria-labelledby="versions-saved">
    <h3 id="versions-saved">${t("Earlier states")}</h3>
    <ol class="versions__list" reversed>
      ${versions.map((version) => versionRow(version, actions))}
    </ol>
  </section>`;
}

function versionRow(version: VersionRow, { busy, restore }: VersionActions): Drawn {
  const { number, current, notes, seconds } = version;
  const facts = plural("{count} note, {length}", "{count} notes, {length}", notes, {
    length: clock(seconds),
  });
  return html`<li class="versions__piece" aria-current=${current ? "true" : nothing}>
    <span>
      <b>${t("Version {number}", { number })}</b>
      <span class="small muted num">${moment(version.created_at)} · ${facts}</span>
    </span>
    ${
      current
        ? badge(t("Now"), "blue", "note")
        : html`<button
            type="button"
            class="button button--small"
            ?disabled=${busy}
            @click=${() => restore(number)}
          >
            ${t("Bring back")}<span class="visually-hidden"> ${t("version {number}", { number })}</span>
          </button>`
    }
  </li>`;
}
