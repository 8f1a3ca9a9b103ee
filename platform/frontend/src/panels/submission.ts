/** Handing a piece in, and following its scoring. */
import { ApiProblem, ask } from "../studio/api.ts";
import { BROWSER, follow, type Ports } from "./follow.ts";
import type { AskFor, Saved } from "./generations.ts";
import type { SubmissionRow } from "./rows.ts";

/** What is said about a piece; to send it says that its sender may share it. */
export interface Said {
  readonly title: string;
  readonly statement: string;
  readonly licence: string;
}

export class Submission {
  row: SubmissionRow | null = null;
  problem: ApiProblem | null = null;
  sending = false;
  readonly #changed: () => void;
  readonly #ask: AskFor;
  readonly #ports: Ports;
  /** What was handed in without an answer: sent again, it must not count twice. */
  #open: { readonly what: string; readonly key: string } | null = null;
  #end: () => void = () => undefined;

  constructor(changed: () => void, askFor: AskFor = ask, ports: Ports = BROWSER) {
    this.#changed = changed;
    this.#ask = askFor;
    this.#ports = ports;
  }

  /** Hand a piece in to a round once `save` has it on the site; tell whether it was taken. */
  async send(round: string, save: () => Promise<Saved>, said: Said): Promise<boolean> {
    if (this.sending) return false;
    this.sending = true;
    this.problem = null;
    this.#changed();
    try {
      const piece = await save();
      this.row = await this.#post(round, piece, said);
      if (!this.row.final) this.#follow(this.row.id);
      return true;
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      if (!problem.mayPass) this.#open = null;
      this.problem = problem;
      return false;
    } finally {
      this.sending = false;
      this.#changed();
    }
  }

  forget(): void {
    this.#end();
    this.row = null;
    this.problem = null;
    this.#changed();
  }

  async #post(round: string, piece: Saved, said: Said): Promise<SubmissionRow> {
    const what = JSON.stringify([round, piece, said]);
    if (this.#open?.what !== what) this.#open = { what, key: crypto.randomUUID() };
    const form = new FormData();
    form.append("composition", piece.id);
    form.append("rights", "true");
    for (const [name, text] of Object.entries(said)) form.append(name, text);
    const headers = { "Idempotency-Key": this.#open.key };
    const how = { method: "POST", form, headers } as const;
    const { data } = await this.#ask<SubmissionRow>(`rounds/${round}/submissions/`, how);
    this.#open = null;
    return data;
  }

  #follow(id: string): void {
    this.#end = follow<SubmissionRow>(
      `submissions/${id}/`,
      {
        heard: (row) => {
          this.row = row;
          this.problem = null;
          this.#changed();
        },
        lost: (problem) => {
          this.problem = problem;
          this.#changed();
        },
      },
      this.#ports,
    );
  }
}
