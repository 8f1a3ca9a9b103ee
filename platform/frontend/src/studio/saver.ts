/**
 * Decides when a piece is written where: at once into the browser, soon after to the site.
 *
 * Nothing here knows of the browser or the site; both come in as ports, so that every order of
 * events can be tested. One write to the site at a time; what changes meanwhile is written next.
 */

export type SaveState =
  | "clean" // nothing to save yet
  | "local" // in the browser only, for now
  | "saving"
  | "saved"
  | "offline" // in the browser; the site is tried again by itself
  | "conflict" // another tab or device was first
  | "refused"; // the site will not take it as it is

export interface Conflict {
  /** The version on the site. */
  readonly version: number;
  /** When it was saved there. */
  readonly savedAt: Date | null;
}

export type Outcome =
  | { readonly kind: "saved" }
  | { readonly kind: "conflict"; readonly conflict: Conflict }
  | { readonly kind: "later" }
  | { readonly kind: "refused"; readonly detail: string };

export interface Ports {
  /** Keep the piece in the browser. */
  keep(dirty: boolean): Promise<void>;
  /** Write the piece to the site; never rejects. */
  send(): Promise<Outcome>;
  /** Call back after some milliseconds; the answer cancels. */
  wait(ms: number, then: () => void): () => void;
}

const KEEP_AFTER = 300;
const SEND_AFTER = 1500;
const FIRST_RETRY = 2000;
const LAST_RETRY = 60_000;

export class Saver {
  readonly #ports: Ports;
  readonly #changed: () => void;
  #state: SaveState = "clean";
  #detail = "";
  #conflict: Conflict | null = null;
  #dirty = false;
  #sending: Promise<void> | null = null;
  #retry = FIRST_RETRY;
  #cancelKeep: (() => void) | null = null;
  #cancelSend: (() => void) | null = null;

  constructor(ports: Ports, changed: () => void) {
    this.#ports = ports;
    this.#changed = changed;
  }

  get state(): SaveState {
    return this.#state;
  }

  /** Why the site refused the piece; empty otherwise. */
  get detail(): string {
    return this.#detail;
  }

  get conflict(): Conflict | null {
    return this.#conflict;
  }

  /** Whether something is not known to be on the site yet. */
  get dirty(): boolean {
    return this.#dirty || this.#sending !== null;
  }

  /** The piece changed: keep it soon, send it a little later. */
  touch(): void {
    this.#dirty = true;
    if (this.#state !== "conflict" && this.#state !== "saving") this.#become("local");
    this.#cancelKeep ??= this.#ports.wait(KEEP_AFTER, () => void this.keepNow());
    if (this.#state !== "conflict") this.#sendIn(SEND_AFTER);
  }

  /** Write what is not kept yet into the browser: the page may be about to go. */
  async keepNow(): Promise<void> {
    this.#cancelKeep?.();
    this.#cancelKeep = null;
    await this.#ports.keep(this.dirty).catch(() => undefined); // no database: the site still has it
  }

  /** Send what is not sent yet; resolves when the site has it or said no. */
  async flush(): Promise<void> {
    this.#cancelSend?.();
    this.#cancelSend = null;
    while (this.#sending) await this.#sending;
    if (!this.#dirty || this.#state === "conflict") return;
    this.#sending = this.#send();
    await this.#sending;
    if (this.#dirty && this.#state === "saving") await this.flush();
  }

  /** Another tab saved a version that this one does not have. */
  meet(conflict: Conflict): void {
    this.#cancelSend?.();
    this.#cancelSend = null;
    this.#conflict = conflict;
    this.#become("conflict");
  }

  /** The conflict was decided: with `dirty`, this tab's piece is to be saved over the other. */
  settle(dirty: boolean): void {
    this.#conflict = null;
    this.#dirty = dirty;
    this.#become(dirty ? "local" : "saved");
    if (dirty) this.#sendIn(0);
  }

  async #send(): Promise<void> {
    this.#dirty = false;
    this.#become("saving");
    const outcome = await this.#ports.send();
    this.#sending = null;
    if (outcome.kind === "saved") {
      this.#retry = FIRST_RETRY;
      if (!this.#dirty) this.#become("saved");
      await this.keepNow();
      return;
    }
    this.#dirty = true;
    if (outcome.kind === "conflict") return this.meet(outcome.conflict);
    if (outcome.kind === "refused") return this.#become("refused", outcome.detail);
    this.#become("offline");
    this.#sendIn(this.#retry);
    this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
  }

  #sendIn(ms: number): void {
    this.#cancelSend?.();
    this.#cancelSend = this.#ports.wait(ms, () => void this.flush());
  }

  #become(state: SaveState, detail = ""): void {
    this.#state = state;
    this.#detail = detail;
    this.#changed();
  }
}
