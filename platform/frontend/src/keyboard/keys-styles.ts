import { css } from "lit";

export const keysStyles = css`
  .value {
    display: grid;
    min-width: 3.75rem;
    line-height: 1.2;
  }

  .value .hint,
  p {
    font-size: 0.8125rem;
  }

  p {
    margin: var(--s1) 0 0;
  }

  output {
    color: var(--ink);
    font-weight: 600;
  }

  .keys {
    display: flex;
    height: 8.5rem;
    margin-top: var(--s2);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    overflow: hidden;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
  }

  /* Beside the roll, on a screen that is not high, the notes need the room more. */
  @media (min-width: 56.01rem) and (max-height: 58rem) {
    .keys {
      height: clamp(5rem, 13dvh, 8.5rem);
    }
  }

  .slot {
    position: relative;
    flex: 1 0 0;
    min-width: 0;
  }

  .key {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: flex-end;
    gap: 0;
    min-width: 0;
    min-height: 0;
    padding: 0 0 var(--s1);
    border-radius: 0 0 4px 4px;
    line-height: 1.3;
    touch-action: none;
  }

  .white {
    width: 100%;
    height: 100%;
    background: light-dark(#ffffff, #d9d4c8);
    border: 0 solid light-dark(#8c8577, #14161a);
    border-right-width: 1px;
    color: #1c1a17;
  }

  .slot:last-child .white {
    border-right-width: 0;
  }

  .black {
    position: absolute;
    z-index: 1;
    top: 0;
    right: 0;
    width: 64%;
    height: 60%;
    background: #1c1a17;
    border: 1px solid #1c1a17;
    color: #ffffff;
    transform: translateX(50%);
  }

  .key[data-held] {
    background: light-dark(#1f4e9e, #1f4e9e);
    color: #ffffff;
  }

  .key:focus-visible {
    z-index: 2;
    outline: 3px solid #1f4e9e;
    outline-offset: -4px;
  }

  .key.black:focus-visible,
  .key[data-held]:focus-visible {
    outline-color: #ffffff;
  }

  .letter {
    font-size: var(--text);
  }

  .name {
    font-size: 0.75rem;
    font-weight: 400;
  }

  @media (hover: none) {
    .capture {
      display: none;
    }

    .keys {
      height: 10rem;
    }
  }

  @media (forced-colors: active) {
    .white,
    .black {
      border: 1px solid ButtonText;
    }

    .white {
      background: Canvas;
      color: CanvasText;
    }

    .black {
      background: CanvasText;
      color: Canvas;
    }

    .key {
      forced-color-adjust: none;
    }

    .key[data-held] {
      background: Highlight;
      color: HighlightText;
    }

    .key:focus-visible {
      outline-color: Highlight;
    }
  }
`;
