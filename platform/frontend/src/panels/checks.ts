/** The round's rules beside the music, asked for again as the music changes. */
import { writeMidi } from "../song/midi.ts";
import type { Song } from "../song/model.ts";
import { ApiProblem, ask } from "../studio/api.ts";
import { BROWSER, type Ports } from "./follow.ts";
import type { AskFor } from "./generations.ts";

export interface CheckRow {
  readonly name: string;
  readonly ok: boolean;
  /** What the rule asks for, or what does not fit. */
  readonly detail: string;
}

export interface ChecksRow {
  readonly ok: boolean;
  readonly checks: readonly CheckRow[];
}

/** How long the music must stand still before it is checked. */
const STILL = 700;

export class Checks {
  row: ChecksRow | null = null;
  trouble = "";
  /** Whether `row` is of other music than there is now. */
  stale = false;
  readonly #changed: () => void;
  readonly #ask: AskFor;
  readonly #ports: Pick<Ports, "wait">;
  #cancel: () => void = () => undefined;
  #asked: AbortController | null = null;
  #last: { readonly round: string; readonly song: Song } | null = null;

  constructor(changed: () => void, askFor: AskFor = ask, ports: Pick<Ports, "wait"> = BROWSER) {
    this.#changed = changed;
    this.#ask = askFor;
    this.#ports = ports;
  }

  /** Check this music soon, unless it was checked already. */
  see(round: string, song: Song, composition: string | null): void {
    const last = this.#last;
    if (last?.round === round && last.song === song) return;
    if (last?.round !== round) this.row = null;
    this.#last = { round, song };
    this.stale = true;
    this.stop();
    this.#cancel = this.#ports.wait(
      this.row ? STILL : 0,
      () => void this.#now(round, song, composition),
    );
  }

  stop(): void {
    this.#cancel();
    this.#asked?.abort();
  }

  async #now(round: string, song: Song, composition: string | null): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    const form = new FormData();
    form.append("midi", new Blob([writeMidi(song)], { type: "audio/midi" }), "piece.mid");
    if (composition) form.append("composition", composition);
    try {
      const how = { method: "POST", form, signal: asked.signal } as const;
      const { data } = await this.#ask<ChecksRow>(`rounds/${round}/checks/`, how);
      this.row = data;
      this.trouble = "";
    } catch (problem) {
      if (asked.signal.aborted) return;
      if (!(problem instanceof ApiProblem)) throw problem;
      this.trouble = problem.message;
      this.#last = null; // asked again with the next change
    }
    this.stale = false;
    this.#changed();
  }
}
