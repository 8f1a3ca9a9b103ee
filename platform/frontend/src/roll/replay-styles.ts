import { css } from "lit";

export const replayStyles = css`
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2);
    align-items: center;
  }

  .play {
    min-width: 6.5rem;
  }

  .row label {
    display: inline-flex;
    gap: var(--s2);
    align-items: center;
    min-height: 2.25rem;
  }

  .slider {
    display: grid;
    grid-template-columns: auto minmax(8rem, 1fr);
    gap: var(--s1) var(--s3);
    align-items: center;
    margin-top: var(--s2);
  }

  .slider input {
    width: 100%;
  }

  .slider output {
    grid-column: 1 / -1;
    min-height: 1.5em;
    font-variant-numeric: tabular-nums;
  }
`;
