/** The rounds that take pieces, and the chosen one with its rules and quota. */
import { ApiProblem, ask } from "../studio/api.ts";
import type { AskFor } from "./generations.ts";
import type { Page, RoundRow, RoundSummaryRow } from "./rows.ts";
import { takesPieces } from "./rules.ts";

export class Rounds {
  /** Those that take pieces, the one that closes first in front; null until they are known. */
  open: readonly RoundSummaryRow[] | null = null;
  chosen: RoundRow | null = null;
  trouble = "";
  readonly #changed: () => void;
  readonly #ask: AskFor;
  #wanted = "";

  constructor(changed: () => void, askFor: AskFor = ask) {
    this.#changed = changed;
    this.#ask = askFor;
  }

  /** Find the rounds, and choose one: `slug`, or the first where that is empty. */
  async load(slug: string): Promise<void> {
    await this.#try(async () => {
      const [open, frozen] = await Promise.all([
        this.#ask<Page<RoundSummaryRow>>("rounds/?phase=open"),
        this.#ask<Page<RoundSummaryRow>>("rounds/?phase=frozen"),
      ]);
      const found = [...open.data.results, ...frozen.data.results].filter(takesPieces);
      this.open = found.sort((a, b) => Date.parse(a.closes_at) - Date.parse(b.closes_at));
    });
    const first = slug || this.open?.[0]?.slug;
    if (first && this.trouble === "") await this.choose(first);
  }

  /** Choose a round, and read how it stands now. */
  async choose(slug: string): Promise<void> {
    this.#wanted = slug;
    await this.#try(async () => {
      const { data } = await this.#ask<RoundRow>(`rounds/${slug}/`);
      if (this.#wanted === slug) this.chosen = data;
    });
  }

  async #try(action: () => Promise<void>): Promise<void> {
    this.trouble = "";
    try {
      await action();
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      this.trouble = problem.message;
    }
    this.#changed();
  }
}
