/** One open piece in the Studio: its document, where it is saved, and what the page knows of it. */
import { t } from "../lib/i18n.ts";
import { StudioDocument } from "../song/document.ts";
import { settingsOf, withSettings } from "../song/kept.ts";
import { readMidi, writeMidi } from "../song/midi.ts";
import { countNotes, EMPTY_SONG, type Project, projectOf } from "../song/model.ts";
import { loadProject, saveProject } from "../song/serial.ts";
import { ApiProblem, ask, fetchBytes } from "./api.ts";
import type { Draft, Drafts } from "./drafts.ts";
import { type Outcome, Saver } from "./saver.ts";

export interface Piece {
  /** Null before the site knows the piece. */
  readonly id: string | null;
  readonly title: string;
  /** The version on the site that this tab last saved or read. */
  readonly version: number | null;
}

/** What the API says of a composition, as far as the Studio reads it. */
export interface CompositionRow {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly sha256: string;
  /** What MIDI cannot hold: `song/kept.ts`. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export type SavedPiece = Piece & { readonly id: string; readonly version: number };

const CHANNEL = "counterpoint-pieces";

interface Word {
  readonly id: string;
  readonly version: number;
  readonly at: number;
}

export class StudioSession {
  readonly document = new StudioDocument(projectOf(EMPTY_SONG));
  readonly saver: Saver;
  /** The slug of the round that the piece is meant for; empty: none in particular. */
  round = "";
  readonly #drafts: Drafts;
  readonly #listeners = new Set<() => void>();
  readonly #channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;
  #piece: Piece = { id: null, title: t("Untitled"), version: null };
  #key = freshKey();
  #lastSeen: Project = this.document.committed;
  /** What was sent first of a new piece: sent again as it was, should the answer be lost. */
  #first: { readonly midi: Uint8Array<ArrayBuffer>; readonly title: string } | null = null;
  /** The settings that the site has, as JSON. */
  #settings = "";

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
    this.saver = new Saver(
      {
        keep: (dirty) => this.#keep(dirty),
        send: () => this.#send(),
        wait: (ms, then) => {
          const timer = setTimeout(then, ms);
          return () => clearTimeout(timer);
        },
      },
      () => this.#tell(),
    );
    this.document.subscribe(() => this.#onDocument());
    this.#channel?.addEventListener("message", (event) => this.#onWord(event.data as Word));
    window.addEventListener("online", () => void this.saver.flush());
    const keep = () => {
      if (this.saver.dirty) void this.saver.keepNow();
    };
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") keep();
    });
    window.addEventListener("pagehide", keep);
  }

  get piece(): Piece {
    return this.#piece;
  }

  get isEmpty(): boolean {
    return countNotes(this.document.committed.song) === 0;
  }

  /** Call `listener` after every change of piece, title or state of saving. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begin a new piece with this music; it is saved as soon as it holds a note. */
  async begin(project: Project, title: string): Promise<void> {
    await this.#leave();
    this.#become({ id: null, title, version: null }, freshKey(), project);
    if (!this.isEmpty) this.saver.touch();
  }

  /** Open a piece of the site's, going on with what this browser kept of it.
   *
   * Rejects with `ApiProblem` where the site has no such piece, or cannot be reached and the
   * browser kept nothing.
   */
  async open(id: string): Promise<void> {
    await this.#leave();
    const draft = await this.#drafts.get(id).catch(() => null);
    const kept = draft?.dirty ? loadProject(draft.project) : null;
    try {
      const { row, project } = await load(id);
      if (draft && kept) return this.#resume(draft, kept, row);
      this.#become(pieceOf(row), id, project);
      this.saver.settle(false);
    } catch (problem) {
      if (!(draft && kept && problem instanceof ApiProblem && problem.status === 0)) throw problem;
      this.#become({ id, title: draft.title, version: draft.version }, id, kept);
      this.saver.touch();
    }
  }

  /** Go on with a draft that the site has never seen. */
  resume(draft: Draft): boolean {
    const project = loadProject(draft.project);
    if (!project) return false;
    this.#become({ id: null, title: draft.title, version: null }, draft.key, project);
    this.saver.touch();
    return true;
  }

  /** Return the piece once the site has it as it is now.
   *
   * Rejects with an `ApiProblem` that says why it cannot be saved.
   */
  async ensureSaved(): Promise<SavedPiece> {
    if (this.#piece.id === null && !this.saver.dirty) this.saver.touch();
    await this.saver.flush();
    const { id, version } = this.#piece;
    if (id !== null && version !== null && !this.saver.dirty) {
      return { ...this.#piece, id, version };
    }
    const { state, detail } = this.saver;
    throw new ApiProblem(0, state, detail || t("The piece could not be saved yet. Try again."));
  }

  async rename(title: string): Promise<void> {
    this.#piece = { ...this.#piece, title };
    this.#tell();
    await this.saver.keepNow();
    if (this.#piece.id === null) return;
    await ask(`compositions/${this.#piece.id}/`, { method: "PATCH", json: { title } });
  }

  /** Settle a conflict: with `mine` this tab's music is saved over the other, else it is dropped. */
  async settle(mine: boolean): Promise<void> {
    const { id } = this.#piece;
    if (id === null) return;
    const { row, project } = await load(id);
    if (!mine) return this.#takeUp(row, project);
    this.#piece = pieceOf(row);
    this.saver.settle(true);
  }

  /** Go on with what the site has, in place of what is here. */
  async #takeUp(row: CompositionRow, project: Project): Promise<void> {
    this.#become(pieceOf(row), row.id, project);
    this.saver.settle(false);
    await this.saver.keepNow();
  }

  /** Settle a conflict by keeping both: this tab's music goes on as a piece of its own. */
  async keepBoth(): Promise<void> {
    const title = t("{title} (other version)", { title: this.#piece.title });
    await this.#drafts.remove(this.#key).catch(() => undefined);
    this.#become(
      { id: null, title: title.slice(0, 80), version: null },
      freshKey(),
      this.document.committed,
    );
    this.saver.settle(true);
  }

  /** Save what can be saved of this piece before another takes its place. */
  async #leave(): Promise<void> {
    if (!this.saver.dirty) return;
    await this.saver.keepNow();
    await this.saver.flush();
  }

  #resume(draft: Draft, kept: Project, row: CompositionRow): void {
    this.#become({ id: row.id, title: draft.title, version: draft.version }, row.id, kept);
    this.saver.touch();
    if (draft.version !== row.version) this.saver.meet({ version: row.version, savedAt: null });
  }

  #become(piece: Piece, key: string, project: Project): void {
    this.#piece = piece;
    this.#key = key;
    this.#first = null;
    // What is opened has its settings on the site; a new piece has none there yet.
    this.#settings =
      piece.id === null
        ? settingsText(projectOf(EMPTY_SONG), "")
        : settingsText(project, this.round);
    this.#lastSeen = project;
    this.document.replace(project);
    this.#tell();
  }

  #onDocument(): void {
    const { committed } = this.document;
    if (committed === this.#lastSeen) return;
    this.#lastSeen = committed;
    if (this.#piece.id !== null || !this.isEmpty) this.saver.touch();
  }

  async #keep(dirty: boolean): Promise<void> {
    await this.#drafts.put({
      key: this.#key,
      composition: this.#piece.id,
      title: this.#piece.title,
      version: this.#piece.version,
      project: saveProject(this.document.committed),
      dirty,
      savedAt: Date.now(),
    });
  }

  async #send(): Promise<Outcome> {
    try {
      const row = await (this.#piece.id === null ? this.#create() : this.#update(this.#piece.id));
      this.#piece = { ...this.#piece, id: row.id, version: row.version };
      await this.#sendSettings(row.id);
      this.#channel?.postMessage({ id: row.id, version: row.version, at: Date.now() });
      return { kind: "saved" };
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      if (problem.code === "idempotency_conflict") {
        // An earlier page sent other music under this key and never heard the answer.
        this.#key = freshKey();
        return { kind: "later" };
      }
      return outcomeOf(problem);
    }
  }

  async #create(): Promise<CompositionRow> {
    this.#first ??= {
      midi: writeMidi(this.document.committed.song),
      title: this.#piece.title,
    };
    const form = new FormData();
    form.append("midi", new Blob([this.#first.midi], { type: "audio/midi" }), "piece.mid");
    form.append("title", this.#first.title);
    const key = this.#key;
    const headers = { "Idempotency-Key": key };
    const { data } = await ask<CompositionRow>("compositions/", { method: "POST", form, headers });
    const sent = this.#first.midi;
    this.#first = null;
    this.#key = data.id;
    void this.#drafts.remove(key).catch(() => undefined);
    if (!sameBytes(sent, writeMidi(this.document.committed.song))) this.saver.touch();
    return data;
  }

  async #update(id: string): Promise<CompositionRow> {
    const { data } = await ask<CompositionRow>(`compositions/${id}/midi/`, {
      method: "PUT",
      midi: writeMidi(this.document.committed.song),
      headers: { "If-Match": `"${this.#piece.version}"` },
    });
    return data;
  }

  async #sendSettings(id: string): Promise<void> {
    const text = settingsText(this.document.committed, this.round);
    if (text === this.#settings) return;
    await ask(`compositions/${id}/`, { method: "PATCH", json: { settings: JSON.parse(text) } });
    this.#settings = text;
  }

  #onWord(word: Word): void {
    if (word.id !== this.#piece.id || word.version <= (this.#piece.version ?? 0)) return;
    void this.#follow(word).catch(() => undefined); // offline: the next save will meet it
  }

  /** Take up what another tab saved, unless this one has something of its own by then. */
  async #follow({ id, version, at }: Word): Promise<void> {
    const meet = () => this.saver.meet({ version, savedAt: new Date(at) });
    if (this.saver.dirty) return meet();
    const { row, project } = await load(id);
    if (this.#piece.id !== id) return;
    if (this.saver.dirty) return meet();
    await this.#takeUp(row, project);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function freshKey(): string {
  return `new:${crypto.randomUUID()}`;
}

function settingsText(project: Project, round: string): string {
  return JSON.stringify({ ...settingsOf(project), ...(round && { round }) });
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function pieceOf(row: CompositionRow): Piece {
  return { id: row.id, title: row.title, version: row.version };
}

async function load(id: string): Promise<{ row: CompositionRow; project: Project }> {
  const { data: row } = await ask<CompositionRow>(`compositions/${id}/`);
  const { data: midi } = await fetchBytes(`compositions/${id}/midi/`);
  return { row, project: withSettings(readMidi(midi), row.settings) };
}

function outcomeOf(problem: ApiProblem): Outcome {
  if (problem.status === 412) {
    const { version, saved_at: savedAt } = problem.body;
    return {
      kind: "conflict",
      conflict: {
        version: Number(version),
        savedAt: typeof savedAt === "string" ? new Date(savedAt) : null,
      },
    };
  }
  return problem.mayPass ? { kind: "later" } : { kind: "refused", detail: problem.message };
}
