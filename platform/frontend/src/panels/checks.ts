/** The round's rules beside the music, asked for again as the music changes. */
import { ApiProblem, ask } from "../studio/api.ts";
import { BROWSER, type Ports } from "./follow.ts";
import type { AskFor, Saved } from "./generations.ts";

export interface CheckRow {
  readonly name: string;
  readonly kept: boolean;
  /** What the round asks for, as a sentence. */
  readonly rule: string;
  /** What is amiss; empty if nothing is. */
  readonly reason: string;
}

export interface ChecksRow {
  readonly round: string;
  readonly kept: boolean;
  /** Whether the piece would be refused if it were handed in now. */
  readonly refused: boolean;
  readonly checks: readonly CheckRow[];
}

/** How long the music must stand still before it is checked, and how soon a failure is repeated. */
const STILL = 600;
const AGAIN = 20_000;

export class Checks {
  row: ChecksRow | null = null;
  trouble = "";
  readonly #changed: () => void;
  readonly #ask: AskFor;
  readonly #ports: Pick<Ports, "wait">;
  #cancel: () => void = () => undefined;
  #asked: AbortController | null = null;
  #last = "";

  constructor(changed: () => void, askFor: AskFor = ask, ports: Pick<Ports, "wait"> = BROWSER) {
    this.#changed = changed;
    this.#ask = askFor;
    this.#ports = ports;
  }

  /** Check a piece as the site has it, soon, unless it was checked already. */
  see(round: string, piece: Saved): void {
    const what = `${round} ${piece.id} ${piece.version}`;
    if (what === this.#last) return;
    this.#last = what;
    if (this.row?.round !== round) this.row = null;
    this.#in(this.row ? STILL : 0, round, piece);
  }

  /** Check nothing any more, until something is to be seen again. */
  stop(): void {
    this.#last = "";
    this.#cancel();
    this.#asked?.abort();
  }

  #in(ms: number, round: string, piece: Saved): void {
    this.#cancel();
    this.#asked?.abort();
    this.#cancel = this.#ports.wait(ms, () => void this.#now(round, piece));
  }

  async #now(round: string, piece: Saved): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    const how = { method: "POST", json: { composition: piece.id }, signal: asked.signal } as const;
    try {
      this.row = (await this.#ask<ChecksRow>(`rounds/${round}/checks/`, how)).data;
      this.trouble = "";
    } catch (problem) {
      if (asked.signal.aborted) return;
      if (!(problem instanceof ApiProblem)) throw problem;
      this.trouble = problem.message;
      if (problem.mayPass) this.#in(AGAIN, round, piece);
    }
    this.#changed();
  }
}
