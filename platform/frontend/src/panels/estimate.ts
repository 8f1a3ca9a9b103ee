/** An estimate of the score that a piece would get in a round. */
import { ApiProblem, ask } from "../studio/api.ts";
import { BROWSER, Followed, type Ports } from "./follow.ts";
import type { AskFor, Saved } from "./generations.ts";
import type { JobRow, Parts } from "./rows.ts";

export interface EstimateRow {
  readonly id: string;
  readonly state: string;
  readonly final: boolean;
  readonly job: JobRow | null;
  /** 0 to 100. */
  readonly score: number | null;
  readonly parts: Parts | null;
  readonly explanation: {
    readonly suggestions: readonly { readonly title: string; readonly advice: string }[];
  } | null;
  readonly detail: string | null;
}

/** One estimate at a time; a new one takes the place of the one before. */
export class Estimate {
  readonly followed: Followed<EstimateRow>;
  /** Why it was not taken on. */
  refusal: ApiProblem | null = null;
  asking = false;
  readonly #changed: () => void;
  readonly #ask: AskFor;

  constructor(changed: () => void, askFor: AskFor = ask, ports: Ports = BROWSER) {
    this.followed = new Followed("estimates/", changed, ports);
    this.#changed = changed;
    this.#ask = askFor;
  }

  /** Ask for the estimate of a piece once `save` has it on the site. */
  async request(round: string, save: () => Promise<Saved>): Promise<void> {
    this.asking = true;
    this.forget();
    try {
      const { id } = await save();
      const how = { method: "POST", json: { composition: id } } as const;
      const { data } = await this.#ask<EstimateRow>(`rounds/${round}/estimates/`, how);
      this.followed.take(data);
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      this.refusal = problem;
    } finally {
      this.asking = false;
      this.#changed();
    }
  }

  forget(): void {
    this.refusal = null;
    this.followed.take(null);
  }
}
