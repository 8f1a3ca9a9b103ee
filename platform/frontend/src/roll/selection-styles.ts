import { css } from "lit";

export const selectionStyles = css`
  :host {
    margin-top: var(--s2);
    font-size: var(--text-s);
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2) var(--s3);
    align-items: center;
  }

  .head {
    display: flex;
    gap: var(--s2);
    align-items: center;
  }

  .more {
    flex: none;
  }

  .more[aria-expanded="true"] svg {
    transform: rotate(180deg);
  }

  .acts {
    flex: 1;
    min-width: 0;
    flex-wrap: nowrap;
    overflow-x: auto;
    /* Room for the ring around what has the focus. */
    padding: 4px;
    margin: -4px;
    scrollbar-width: thin;
  }

  .acts > * {
    flex: none;
  }

  .count {
    min-width: 8.5rem;
    font-weight: 600;
  }

  label {
    display: inline-flex;
    gap: var(--s2);
    align-items: center;
  }

  form {
    display: inline-flex;
    gap: var(--s2);
    align-items: center;
  }

  input {
    width: 4.5rem;
  }

  .rows {
    display: grid;
    gap: var(--s2);
    padding: var(--s2) 0;
  }
`;
