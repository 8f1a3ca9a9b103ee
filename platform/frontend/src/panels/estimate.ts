/** An estimate of the score that a piece would get in a round. */
import { ApiProblem, ask } from "../studio/api.ts";
import { BROWSER, follow, type Ports } from "./follow.ts";
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
  row: EstimateRow | null = null;
  /** Why there is none, or why it is not known how it stands. */
  trouble = "";
  asking = false;
  readonly #changed: () => void;
  readonly #ask: AskFor;
  readonly #ports: Ports;
  #end: () => void = () => undefined;

  constructor(changed: () => void, askFor: AskFor = ask, ports: Ports = BROWSER) {
    this.#changed = changed;
    this.#ask = askFor;
    this.#ports = ports;
  }

  /** Ask for the estimate of a piece once `save` has it on the site. */
  async request(round: string, save: () => Promise<Saved>): Promise<void> {
    this.forget();
    this.asking = true;
    this.#changed();
    try {
      const { id } = await save();
      const how = { method: "POST", json: { composition: id } } as const;
      const { data } = await this.#ask<EstimateRow>(`rounds/${round}/estimates/`, how);
      this.row = data;
      if (!data.final) this.#follow(data.id);
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      this.trouble = problem.message;
    } finally {
      this.asking = false;
      this.#changed();
    }
  }

  forget(): void {
    this.#end();
    this.row = null;
    this.trouble = "";
    this.#changed();
  }

  #follow(id: string): void {
    this.#end = follow<EstimateRow>(
      `estimates/${id}/`,
      {
        heard: (row) => {
          this.row = row;
          this.trouble = "";
          this.#changed();
        },
        lost: (problem) => {
          this.trouble = problem.message;
          this.#changed();
        },
      },
      this.#ports,
    );
  }
}
