/** A generation's input and result side by side, and which of its edits are taken. */

import { t } from "../lib/i18n.ts";
import { type Applied, applyEvents, type EditEvent } from "../song/changes.ts";
import { compareSongs } from "../song/compare.ts";
import type { Note, Song } from "../song/model.ts";
import type { GenerationRow } from "./rows.ts";

export type Side = "input" | "result";

export interface Comparison {
  readonly row: GenerationRow;
  /** The piece as it was when it was asked for; null if that state is not kept any more. */
  readonly input: Song | null;
  readonly result: Song;
  /** The edits in the model's order; empty for techniques without. */
  readonly events: readonly EditEvent[];
}

/** What the result has more than the input, and what it lacks: the roll's `overlay`. */
export interface Marks {
  readonly added: readonly Note[];
  readonly removed: readonly Note[];
}

/** What somebody chose so far. Everything is immutable. */
export class Review {
  readonly comparison: Comparison;
  readonly side: Side;
  /** How many events are replayed. */
  readonly step: number;
  /** Accepted events by place, from 0. */
  readonly accepted: ReadonlySet<number>;
  #shown: Applied | null = null;

  constructor(
    comparison: Comparison,
    side: Side = "result",
    step = comparison.events.length,
    accepted: ReadonlySet<number> = new Set(comparison.events.keys()),
  ) {
    this.comparison = comparison;
    this.side = side;
    this.step = step;
    this.accepted = accepted;
  }

  with(part: Partial<Pick<Review, "side" | "step" | "accepted">>): Review {
    const { side, step, accepted } = { ...this, ...part };
    return new Review(this.comparison, side, step, accepted);
  }

  /** Whether single edits can be chosen. */
  get hasEvents(): boolean {
    return this.comparison.input !== null && this.comparison.events.length > 0;
  }

  /** The result as far as it is replayed and accepted, and what of it cannot be. */
  get shown(): Applied {
    this.#shown ??= this.#apply([...this.accepted].filter((place) => place < this.step));
    return this.#shown;
  }

  /** What is to be heard: the chosen side. */
  get heard(): Song {
    const { input } = this.comparison;
    return this.side === "input" && input ? input : this.shown.song;
  }

  get marks(): Marks {
    const { input } = this.comparison;
    if (!input) return { added: [], removed: [] };
    const changes = compareSongs(input, this.shown.song);
    return {
      added: changes.flatMap((change) => change.added),
      removed: changes.flatMap((change) => change.removed),
    };
  }

  /** The music that is kept in the end, wherever the slider stands; null: the whole result. */
  get taken(): { readonly song: Song; readonly count: number } | null {
    const { events } = this.comparison;
    if (!this.hasEvents || this.accepted.size === events.length) return null;
    const { song, blocked } = this.#apply([...this.accepted]);
    return { song, count: this.accepted.size - blocked.length };
  }

  #apply(accepted: readonly number[]): Applied {
    const { input, result, events } = this.comparison;
    const whole = accepted.length === events.length;
    if (whole || input === null) return { song: result, blocked: [] };
    return applyEvents(input, events, new Set(accepted));
  }
}

/** The command's name, for undo: "Take 17 of 21 edits". */
export function takeName(count: number, of: number): string {
  return t("Take {count} of {all} edits", { count, all: of });
}
