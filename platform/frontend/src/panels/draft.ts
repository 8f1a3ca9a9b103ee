/** What is said of a piece when it is handed in: what was typed, and what stands there before. */
import { ask } from "../studio/api.ts";
import type { AskFor } from "./generations.ts";
import { missingIn, type Wrong } from "./hand-in-form.ts";
import { allowedLicences, type LICENCES } from "./licences.ts";
import type { CompositionRow } from "./rows.ts";
import type { Said } from "./submission.ts";
import { forget, recall, remember, type Typed, UNTYPED } from "./typed.ts";

export class HandInDraft {
  readonly #changed: () => void;
  readonly #ask: AskFor;
  /** The piece's id, and what the site knows of it. */
  #id: string | null = null;
  #piece: CompositionRow | null = null;
  #typed: Typed = UNTYPED;
  wrong: Wrong = {};

  constructor(changed: () => void, askFor: AskFor = ask) {
    this.#changed = changed;
    this.#ask = askFor;
  }

  get typed(): Typed {
    return this.#typed;
  }

  /** Null: none was typed. */
  get title(): string | null {
    return this.#typed.title;
  }

  get statement(): string {
    return this.#typed.statement ?? this.#piece?.statement ?? "";
  }

  get licences(): typeof LICENCES {
    return allowedLicences(this.#piece?.attributions ?? []);
  }

  get licence(): string {
    const { licence } = this.#typed;
    const allowed = this.licences.map(([name]) => name);
    return licence !== null && allowed.includes(licence) ? licence : (allowed[0] ?? "");
  }

  said(title: string): Said {
    return { title: title.trim(), statement: this.statement, licence: this.licence };
  }

  /** Another piece is open; `isSame`: the same one, which the site has got to know. */
  open(id: string | null, isSame: boolean): void {
    this.#id = id;
    this.#piece = null;
    if (isSame && id !== null) {
      this.keep();
    } else {
      this.#typed = id === null ? UNTYPED : recall(id);
      this.wrong = {};
    }
    if (id !== null) void this.#load(id);
  }

  change(part: Partial<Typed>): void {
    this.#typed = { ...this.#typed, ...part };
    const wrong = Object.entries(this.wrong).filter(([name]) => !Object.hasOwn(part, name));
    this.wrong = Object.fromEntries(wrong);
    this.keep();
    this.#changed();
  }

  /** Tell whether all is there, and note what is not. */
  check(title: string): boolean {
    this.wrong = missingIn(title, this.#typed);
    return Object.keys(this.wrong).length === 0;
  }

  /** Remember what was typed through a reload or sign-in. */
  keep(): void {
    if (this.#id !== null) remember(this.#id, this.#typed);
  }

  /** It was handed in. */
  done(): void {
    if (this.#id !== null) forget(this.#id);
  }

  async #load(id: string): Promise<void> {
    try {
      const { data } = await this.#ask<CompositionRow>(`compositions/${id}/`);
      if (this.#id === id) this.#piece = data;
    } catch {
      // The statement begins empty: what can be typed is not worth an alarm.
    }
    this.#changed();
  }
}
