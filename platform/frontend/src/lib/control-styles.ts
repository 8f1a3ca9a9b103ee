/** Buttons and fields inside the Studio's elements, by the site's tokens. */
import { css } from "lit";

export const controlStyles = css`
  :host {
    display: block;
    color: var(--ink);
    font-family: var(--sans);
    font-size: var(--text-s);
  }

  :host([hidden]) {
    display: none;
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  .bar,
  .group {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--s2);
  }

  .bar {
    gap: var(--s2) var(--s4);
  }

  .group {
    flex-wrap: nowrap;
    gap: var(--s1);
  }

  button,
  input,
  select {
    min-width: 2.5rem;
    min-height: 2.5rem;
    padding: var(--s1) var(--s2);
    background: var(--sheet);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    color: var(--ink);
    font: inherit;
  }

  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--s1);
    font-weight: 600;
    cursor: pointer;
    touch-action: manipulation;
  }

  button:hover {
    border-color: var(--ink);
  }

  button[aria-pressed="true"] {
    background: var(--blue);
    border-color: var(--blue);
    color: var(--on-pencil);
  }

  button:disabled {
    border-style: dashed;
    color: var(--muted);
    cursor: not-allowed;
  }

  :is(button, input, select):focus-visible {
    outline: 2px solid var(--blue);
    outline-offset: 2px;
  }

  .icon {
    flex: none;
    width: 1.375rem;
    height: 1.375rem;
  }

  label {
    display: inline-flex;
    align-items: center;
    gap: var(--s1);
    color: var(--muted);
  }

  .value {
    min-width: 2.75rem;
    font-variant-numeric: tabular-nums;
    text-align: center;
  }

  .hint {
    color: var(--muted);
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .trouble {
    color: var(--red);
    font-weight: 600;
  }

  @media (pointer: coarse) {
    button,
    input,
    select {
      min-width: 2.75rem;
      min-height: 2.75rem;
    }
  }

  @media (forced-colors: active) {
    button[aria-pressed="true"] {
      background: Highlight;
      border-color: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }
`;

/** For `mousedown`: a click leaves the focus where it was, so that Space goes on meaning "play". */
export function keepFocus(event: Event): void {
  event.preventDefault();
}
