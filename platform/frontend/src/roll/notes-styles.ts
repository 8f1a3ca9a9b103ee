import { css } from "lit";

export const notesStyles = css`
  .filter {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2) var(--s4);
    align-items: center;
    margin-bottom: var(--s2);
  }

  .filter label {
    display: inline-flex;
    gap: var(--s2);
    align-items: center;
  }

  .filter select {
    color: var(--ink);
  }

  .scroll {
    max-height: 30rem;
  }

  tr[data-chosen] {
    background: var(--blue-wash);
    box-shadow: inset 3px 0 0 var(--blue);
  }

  tr[data-note] {
    height: 2.75rem;
  }

  .field {
    padding-left: var(--s4);
  }

  tbody th {
    max-width: 10rem;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  td input:not([type="checkbox"]) {
    width: 4.5rem;
    background: none;
    border-color: transparent;
  }

  td input:not([type="checkbox"]):is(:hover, :focus, [aria-invalid]) {
    background: var(--sheet);
    border-color: var(--line);
  }

  td input:is(.bar, .beat, .velocity) {
    width: 3.5rem;
  }

  td input.pitch.drum {
    width: 10.5rem;
  }

  td input[type="checkbox"] {
    display: block;
  }

  td input[readonly] {
    color: var(--muted);
  }

  td .error {
    max-width: 14rem;
    margin: 0;
  }

  .spacer td {
    padding: 0;
    border: 0;
  }
`;
