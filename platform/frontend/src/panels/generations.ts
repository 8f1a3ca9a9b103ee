/** The generations that this page knows of: asked for here, or found on the site. */
import { ApiProblem, type Ask, ask } from "../studio/api.ts";
import { BROWSER, follow, type Ports } from "./follow.ts";
import type { GenerationRow, Page } from "./rows.ts";
import type { Wish } from "./settings.ts";

export interface Entry {
  readonly row: GenerationRow;
  /** Why it is not known how it stands just now; null while all is well. */
  readonly problem: ApiProblem | null;
}

export interface Saved {
  readonly id: string;
  readonly version: number;
}

export type AskFor = <T>(path: string, how?: Ask) => Promise<{ readonly data: T }>;

/** Finished generations that are shown again after a reload. */
const REMEMBERED = 3;

export class Generations {
  readonly #changed: () => void;
  readonly #arrived: (row: GenerationRow) => void;
  readonly #ask: AskFor;
  readonly #ports: Ports;
  #entries = new Map<string, Entry>();
  readonly #hidden = new Set<string>();
  readonly #following = new Map<string, () => void>();
  /** What was asked for without an answer: asked again, it must not run twice. */
  #open: { readonly what: string; readonly key: string } | null = null;

  /** `changed` is called after every change, `arrived` once for each result that comes in. */
  constructor(
    changed: () => void,
    arrived: (row: GenerationRow) => void,
    askFor: AskFor = ask,
    ports: Ports = BROWSER,
  ) {
    this.#changed = changed;
    this.#arrived = arrived;
    this.#ask = askFor;
    this.#ports = ports;
  }

  /** What is shown for a piece, newest first: its own, what led to it, and all under way. */
  entriesFor(piece: string | null): Entry[] {
    const wanted = ({ row }: Entry) =>
      !this.#hidden.has(row.id) &&
      (!row.final || row.input === piece || (row.result?.composition ?? null) === piece);
    const found = [...this.#entries.values()].filter(wanted);
    return found.sort((a, b) => b.row.created_at.localeCompare(a.row.created_at));
  }

  /** Find what the site knows of a piece: what runs, and the last that ended.
   *
   * Rejects with `ApiProblem`.
   */
  async load(piece: string): Promise<void> {
    const path = `compositions/${piece}/generations/`;
    const { data } = await this.#ask<Page<GenerationRow>>(path);
    const ended = data.results.filter((row) => row.final).slice(0, REMEMBERED);
    for (const row of data.results) {
      if (!this.#entries.has(row.id) && (!row.final || ended.includes(row))) this.#take(row);
    }
    this.#changed();
  }

  /** Ask for a generation of a saved piece.
   *
   * The same wish after a lost answer gives the generation that was asked for first. Rejects with
   * `ApiProblem`.
   */
  async request(piece: Saved, wish: Wish): Promise<GenerationRow> {
    const what = JSON.stringify([piece, wish]);
    if (this.#open?.what !== what) this.#open = { what, key: crypto.randomUUID() };
    const headers = { "Idempotency-Key": this.#open.key };
    const path = `compositions/${piece.id}/generations/`;
    try {
      const how: Ask = { method: "POST", json: wish, headers };
      const { data } = await this.#ask<GenerationRow>(path, how);
      this.#open = null;
      this.#take(data);
      this.#changed();
      return data;
    } catch (problem) {
      if (problem instanceof ApiProblem && !problem.mayPass) this.#open = null;
      throw problem;
    }
  }

  /** Cancel a generation. Rejects with `ApiProblem`; one that ended meanwhile is no problem. */
  async cancel(id: string): Promise<void> {
    try {
      const { data } = await this.#ask<GenerationRow>(`generations/${id}/`, { method: "DELETE" });
      this.#update(data);
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.status !== 409) throw problem;
    }
  }

  /** Show a generation no more; it stays on the site. */
  hide(id: string): void {
    this.#hidden.add(id);
    this.#changed();
  }

  /** Ask for nothing any more. */
  stop(): void {
    for (const end of this.#following.values()) end();
    this.#following.clear();
  }

  /** Go on after `stop`. */
  resume(): void {
    for (const { row } of this.#entries.values()) if (!row.final) this.#follow(row);
  }

  #take(row: GenerationRow): void {
    this.#entries.set(row.id, { row, problem: null });
    if (!row.final) this.#follow(row);
  }

  #follow(row: GenerationRow): void {
    if (this.#following.has(row.id)) return;
    // The map is filled before the first answer: a follower never answers at once.
    const end = follow<GenerationRow>(
      `generations/${row.id}/`,
      {
        heard: (next) => this.#update(next),
        lost: (problem, over) => this.#lose(row.id, problem, over),
      },
      this.#ports,
    );
    this.#following.set(row.id, end);
  }

  #update(row: GenerationRow): void {
    const before = this.#entries.get(row.id);
    this.#entries.set(row.id, { row, problem: null });
    if (row.final) {
      this.#following.get(row.id)?.();
      this.#following.delete(row.id);
    }
    this.#changed();
    if (row.state === "succeeded" && before && !before.row.final) this.#arrived(row);
  }

  #lose(id: string, problem: ApiProblem, over: boolean): void {
    const entry = this.#entries.get(id);
    if (over) this.#following.delete(id);
    if (over && problem.status === 404) this.#entries.delete(id);
    else if (entry) this.#entries.set(id, { ...entry, problem });
    this.#changed();
  }
}
