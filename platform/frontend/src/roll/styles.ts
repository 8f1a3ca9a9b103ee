/** Styles that the Studio's elements share, in the site's tokens. */
import { css } from "lit";

export const shared = css`
  :host {
    display: block;
    color: var(--ink);
    font: 400 var(--text) / 1.45 var(--sans);
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :focus-visible {
    outline: 2px solid var(--blue);
    outline-offset: 2px;
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .muted {
    color: var(--muted);
  }

  .error {
    color: var(--red);
    font-size: var(--text-s);
    font-weight: 600;
  }
`;

export const controls = css`
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }

  button {
    display: inline-flex;
    gap: var(--s2);
    align-items: center;
    justify-content: center;
    min-width: 2.25rem;
    min-height: 2.25rem;
    padding: var(--s1) var(--s3);
    background: var(--sheet);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    font-size: var(--text-s);
    font-weight: 600;
    line-height: 1.2;
    cursor: pointer;
    touch-action: manipulation;
  }

  button:hover {
    border-color: var(--ink);
  }

  button[aria-pressed="true"] {
    background: var(--ink);
    border-color: var(--ink);
    color: var(--paper);
  }

  button:is(:disabled, [aria-disabled="true"]) {
    background: none;
    border-style: dashed;
    color: var(--muted);
    cursor: not-allowed;
  }

  button.icon {
    width: 2.25rem;
    padding: 0;
  }

  button.quiet:not([aria-pressed="true"]) {
    background: none;
    border-color: transparent;
    font-weight: 500;
  }

  button.quiet:not(.icon) {
    padding-inline: var(--s2);
  }

  button.quiet:not([aria-pressed="true"], :disabled):hover {
    border-color: var(--line);
  }

  button.primary {
    background: var(--blue);
    border-color: var(--blue);
    color: var(--on-pencil);
  }

  input:not([type="checkbox"], [type="range"]),
  select {
    min-height: 2.25rem;
    padding: var(--s1) var(--s2);
    background: var(--sheet);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    font-variant-numeric: tabular-nums;
  }

  :is(input, select):hover {
    border-color: var(--ink);
  }

  input[aria-invalid="true"] {
    border-color: var(--red);
    box-shadow: inset 0 0 0 1px var(--red);
  }

  input[type="checkbox"] {
    width: 1.25rem;
    height: 1.25rem;
    margin: 0;
    accent-color: var(--blue);
  }

  input[type="range"] {
    accent-color: var(--blue);
  }

  label {
    color: var(--muted);
    font-size: var(--text-s);
  }

  svg.icon {
    flex: none;
    width: 1.25rem;
    height: 1.25rem;
  }

  @media (pointer: coarse) {
    button,
    input:not([type="checkbox"], [type="range"]),
    select,
    summary {
      min-width: 2.75rem;
      min-height: 2.75rem;
    }

    summary {
      display: list-item;
      line-height: 2.25rem;
    }

    input[type="checkbox"] {
      width: 1.5rem;
      height: 1.5rem;
    }

    input[type="range"] {
      min-height: 2.75rem;
    }

    button.icon {
      width: 2.75rem;
    }
  }

  @media (forced-colors: active) {
    button[aria-pressed="true"] {
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }
`;

export const table = css`
  .scroll {
    overflow: auto;
    border-block: 1px solid var(--line);
    background: var(--sheet);
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }

  caption {
    padding: var(--s2);
    color: var(--muted);
    font-size: var(--text-s);
    text-align: left;
  }

  :is(th, td) {
    padding: var(--s1) var(--s2);
    text-align: left;
    vertical-align: middle;
  }

  thead th {
    position: sticky;
    z-index: 1;
    top: 0;
    background: var(--paper);
    box-shadow: inset 0 -1px 0 var(--line);
    color: var(--muted);
    font-size: var(--text-s);
    font-weight: 600;
    white-space: nowrap;
  }

  tbody tr + tr :is(th, td) {
    border-top: 1px solid var(--hairline);
  }

  tbody th {
    font-weight: 400;
  }

  .num {
    text-align: right;
  }
`;
