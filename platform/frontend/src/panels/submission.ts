/** Handing a piece in, and following its scoring. */
import { ApiProblem, ask } from "../studio/api.ts";
import { BROWSER, Followed, type Ports } from "./follow.ts";
import type { AskFor, Saved } from "./generations.ts";
import type { SubmissionRow } from "./rows.ts";

/** What is said about a piece; to send it says that its sender may share it. */
export interface Said {
  readonly title: string;
  readonly statement: string;
  readonly licence: string;
}

export class Submission {
  readonly followed: Followed<SubmissionRow>;
  /** Why it was not taken. */
  refusal: ApiProblem | null = null;
  sending = false;
  readonly #changed: () => void;
  readonly #ask: AskFor;
  /** What was handed in without an answer: sent again, it must not count twice. */
  #open: { readonly what: string; readonly key: string } | null = null;

  constructor(changed: () => void, askFor: AskFor = ask, ports: Ports = BROWSER) {
    this.followed = new Followed("submissions/", changed, ports);
    this.#changed = changed;
    this.#ask = askFor;
  }

  /** Hand a piece in to a round once `save` has it on the site; tell whether it was taken. */
  async send(round: string, save: () => Promise<Saved>, said: Said): Promise<boolean> {
    if (this.sending) return false;
    this.sending = true;
    this.refusal = null;
    this.#changed();
    try {
      this.followed.take(await this.#post(round, await save(), said));
      return true;
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      if (!problem.mayPass) this.#open = null;
      this.refusal = problem;
      return false;
    } finally {
      this.sending = false;
      this.#changed();
    }
  }

  forget(): void {
    this.refusal = null;
    this.followed.take(null);
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
}
