/** What somebody typed into the hand-in form, kept through sign-in and reload of this tab. */
export interface Typed {
  readonly title: string | null;
  /** Null: the one that the site proposes. */
  readonly statement: string | null;
  /** Null: the one that is preferred. */
  readonly licence: string | null;
  readonly rights: boolean;
}

export const UNTYPED: Typed = { title: null, statement: null, licence: null, rights: false };

const keyOf = (piece: string) => `hand-in ${piece}`;

export function recall(piece: string): Typed {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(piece)) ?? "{}");
    // A confirmation is given anew each time.
    return { ...UNTYPED, ...(kept as Partial<Typed>), rights: false };
  } catch {
    return UNTYPED; // no storage, or not ours
  }
}

export function remember(piece: string, typed: Typed): void {
  try {
    sessionStorage.setItem(keyOf(piece), JSON.stringify(typed));
  } catch {
    // No storage: it is kept for as long as the page is open.
  }
}

export function forget(piece: string): void {
  try {
    sessionStorage.removeItem(keyOf(piece));
  } catch {
    // Nothing was kept.
  }
}
