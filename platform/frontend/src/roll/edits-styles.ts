import { css } from "lit";

export const editsStyles = css`
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2);
    align-items: center;
    margin-top: var(--s3);
  }

  .choices form {
    display: inline-flex;
    gap: var(--s1);
  }

  .choices form input {
    width: 4.5rem;
  }

  .choices .primary {
    margin-left: auto;
  }

  .said {
    min-height: 1.5em;
    margin: var(--s1) 0;
    color: var(--muted);
    font-size: var(--text-s);
  }

  .scroll {
    max-height: 26rem;
  }

  tr[data-row] {
    height: 2.5rem;
  }

  tbody th {
    min-width: 12rem;
  }

  .spacer td {
    padding: 0;
    border: 0;
  }

  .sign {
    display: inline-grid;
    place-items: center;
    width: 1.375rem;
    height: 1.375rem;
    margin-right: var(--s2);
    border: 1.5px solid var(--muted);
    border-radius: 3px;
    font-weight: 700;
    line-height: 1;
  }

  .sign.add {
    background: var(--blue);
    border-color: var(--blue);
    color: var(--on-pencil);
  }

  .sign.remove {
    background: repeating-linear-gradient(
      -45deg,
      var(--red-wash) 0 3px,
      color-mix(in srgb, var(--red) 30%, var(--red-wash)) 3px 4px
    );
    border-color: var(--red);
    color: var(--red);
  }

  tr[data-now] {
    background: var(--gold-wash);
    box-shadow: inset 3px 0 0 var(--gold);
  }

  tr[data-later] :is(th, td) {
    color: var(--muted);
  }

  tr[data-out] .words {
    color: var(--muted);
    text-decoration: line-through;
  }

  @media (max-width: 30rem) {
    .choices .primary {
      width: 100%;
      margin-left: 0;
    }
  }
`;
