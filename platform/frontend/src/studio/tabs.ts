/** Tabs after the pattern of the ARIA Authoring Practices: arrows move, one tab stop. */
import { html, type TemplateResult } from "lit";
import { tabAfter } from "../panels/tabs.ts";

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly count?: number;
}

/** The row of tabs; panels are the caller's: role="tabpanel", id `${name}-${tab.id}`. */
export function tabList(
  name: string,
  label: string,
  tabs: readonly Tab[],
  chosen: string,
  choose: (id: string) => void,
): TemplateResult {
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === chosen);
    const next = tabs[tabAfter(event.key, at, tabs.length) ?? -1];
    if (!next) return;
    event.preventDefault();
    choose(next.id);
    const row = event.currentTarget as HTMLElement;
    row.querySelector<HTMLElement>(`#${name}-tab-${next.id}`)?.focus();
  };
  return html`<div class="studio__tabs" role="tablist" aria-label=${label} @keydown=${move}>${tabs.map(
    (
      tab,
    ) => html`<button type="button" role="tab" id="${name}-tab-${tab.id}" aria-controls="${name}-${tab.id}"
      aria-selected=${tab.id === chosen} tabindex=${tab.id === chosen ? 0 : -1} @click=${() => choose(tab.id)}>${tab.label}${tab.count ? html` <span class="tabs__count">${tab.count}</span>` : ""}</button>`,
  )}</div>`;
}
