import { css, unsafeCSS } from "lit";
import { TRACK_COLORS } from "./theme.ts";

const colors = Array.from(
  { length: TRACK_COLORS },
  (_, index) => `.color-${index + 1} { --pencil: var(--track-${index + 1}); }`,
);

export const trackStyles = css`
  ${unsafeCSS(colors.join("\n"))}

  ol {
    margin: 0;
    padding: 0;
    border-top: 1px solid var(--line);
    list-style: none;
  }

  li {
    padding: var(--s2);
    border-bottom: 1px solid var(--hairline);
  }

  li[data-active] {
    background: var(--sheet);
    box-shadow: inset 3px 0 0 var(--ink);
  }

  .head {
    display: flex;
    gap: var(--s1);
    align-items: center;
  }

  .head input {
    flex: 1;
    min-width: 0;
    background: none;
    border-color: transparent;
    font-weight: 600;
    text-overflow: ellipsis;
  }

  .head input:is(:hover, :focus) {
    background: var(--sheet);
    border-color: var(--line);
  }

  .swatch,
  .swatch[aria-pressed="true"] {
    width: 1.75rem;
    min-width: 1.75rem;
    min-height: 1.75rem;
    padding: 0;
    background: var(--pencil);
    border-color: var(--pencil);
    color: var(--on-pencil);
  }

  .swatch[aria-pressed="true"] {
    outline: 2px solid var(--ink);
    outline-offset: 2px;
  }

  .letter {
    padding: 0;
  }

  .more {
    display: grid;
    gap: var(--s1);
    padding: var(--s2) 0 0 2rem;
  }

  .more select {
    width: 100%;
  }

  .level {
    display: grid;
    grid-template-columns: 3.75rem minmax(0, 1fr) 4.75rem;
    gap: var(--s2);
    align-items: center;
    min-height: 1.75rem;
  }

  .level output {
    color: var(--muted);
    font-size: var(--text-s);
    font-variant-numeric: tabular-nums;
    text-align: right;
    white-space: nowrap;
  }

  .level input {
    width: 100%;
  }

  .acts {
    display: flex;
    align-items: center;
    margin-right: calc(-1 * var(--s2));
  }

  .acts .muted {
    flex: 1;
    font-size: var(--text-s);
  }

  .add {
    margin-top: var(--s3);
  }

  @media (pointer: coarse) {
    .swatch,
    .swatch[aria-pressed="true"] {
      width: 2.75rem;
      min-height: 2.75rem;
    }

    .level {
      min-height: 2.75rem;
    }

    .more {
      padding-left: 0;
    }
  }
`;
