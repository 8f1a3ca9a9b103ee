import { css } from "lit";

export const rollStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 16rem;
  }

  .surface {
    position: relative;
    flex: 1;
    min-height: 12rem;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--paper);
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
  }

  .surface:focus-visible {
    outline: 3px solid var(--blue);
    outline-offset: 1px;
  }

  canvas {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }

  .probe {
    display: none;
    forced-color-adjust: none;
  }

  details {
    flex: none;
    font-size: var(--text-s);
  }

  details[open] {
    max-height: 45%;
    overflow: auto;
  }

  summary {
    width: fit-content;
    padding: var(--s2) var(--s1);
    color: var(--muted);
    cursor: pointer;
  }

  summary:hover {
    color: var(--ink);
  }

  dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr));
    gap: var(--s1) var(--s6);
    margin: 0 0 var(--s3);
  }

  dl div {
    display: grid;
    grid-template-columns: 7rem 1fr;
  }

  dt {
    font-weight: 600;
  }

  dd {
    margin: 0;
    color: var(--muted);
  }
`;
