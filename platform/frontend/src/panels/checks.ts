/** The round's rules beside the music, asked for again as the music changes. */
import { writeMidi } from "../song/midi.ts";
import type { Song } from "../song/model.ts";
import { ApiProblem, type Ask, ask } from "../studio/api.ts";
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

/** The piece as the site has it, with what made it; or the bare music of one it has not. */
export type Checked = Saved | Song;

/** How long the music must stand still before it is checked. */
const STILL = 600;

export class Checks {
  row: ChecksRow | null = null;
  trouble = "";
  readonly #changed: () => void;
  readonly #ask: AskFor;
  readonly #ports: Pick<Ports, "wait">;
  #cancel: () => void = () => undefined;
  #asked: AbortController | null = null;
  #last: { readonly round: string; readonly what: Checked } | null = null;

  constructor(changed: () => void, askFor: AskFor = ask, ports: Pick<Ports, "wait"> = BROWSER) {
    this.#changed = changed;
    this.#ask = askFor;
    this.#ports = ports;
  }

  /** Check a piece soon, unless it was checked already. */
  see(round: string, what: Checked): void {
    if (this.#last?.round === round && isSame(this.#last.what, what)) return;
    if (this.row?.round !== round) this.row = null;
    this.#last = { round, what };
    this.stop();
    this.#cancel = this.#ports.wait(this.row ? STILL : 0, () => void this.#now(round, what));
  }

  stop(): void {
    this.#cancel();
    this.#asked?.abort();
  }

  async #now(round: string, what: Checked): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    const body = "tracks" in what ? { midi: writeMidi(what) } : { json: { composition: what.id } };
    const how: Ask = { method: "POST", ...body, signal: asked.signal };
    try {
      this.row = (await this.#ask<ChecksRow>(`rounds/${round}/checks/`, how)).data;
      this.trouble = "";
    } catch (problem) {
      if (asked.signal.aborted) return;
      if (!(problem instanceof ApiProblem)) throw problem;
      this.trouble = problem.message;
      this.#last = null; // asked again with the next change
    }
    this.#changed();
  }
}

function isSame(a: Checked, b: Checked): boolean {
  if ("tracks" in a || "tracks" in b) return a === b;
  return a.id === b.id && a.version === b.version;
}
