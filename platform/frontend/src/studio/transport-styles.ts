import { css } from "lit";

export const transportStyles = css`
  .bar {
    column-gap: var(--s3);
  }

  .place {
    display: flex;
    align-items: baseline;
    gap: var(--s2);
    font-variant-numeric: tabular-nums;
  }

  .beat {
    min-width: 2rem;
    padding: 0 var(--s1);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    font-size: var(--text-l);
    font-weight: 700;
    text-align: center;
  }

  :host([counting]) .beat {
    background: var(--gold);
    border-color: var(--gold);
    color: var(--on-pencil);
  }

  .bars {
    min-width: 5.5rem;
    font-size: var(--text-l);
    font-weight: 600;
  }

  .time {
    min-width: 4.5rem;
    color: var(--muted);
  }

  .record {
    color: var(--red);
  }

  .record[aria-pressed="true"] {
    background: var(--red);
    border-color: var(--red);
    color: var(--on-pencil);
  }

  [type="range"] {
    width: 5rem;
    padding: 0;
    accent-color: var(--blue);
    background: none;
    border: 0;
  }

  summary {
    min-height: 2.75rem;
    padding-block: var(--s2);
    color: var(--muted);
    cursor: pointer;
  }

  /* On phones the place stands beside the buttons; the beat takes its room while it is counted in. */
  @media (max-width: 30rem) {
    .bars {
      min-width: 0;
    }

    .time,
    :host(:not([counting])) .beat,
    :host([counting]) .bars {
      display: none;
    }
  }

  .tempo {
    width: 4.5rem;
    font-variant-numeric: tabular-nums;
  }
`;
