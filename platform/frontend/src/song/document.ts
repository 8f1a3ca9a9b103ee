/** A project that is being worked on: named commands, undo and redo, previews. */
import type { Project } from "./model.ts";

export type Change = (project: Project) => Project;
export type Listener = () => void;

interface Step {
  readonly name: string;
  readonly before: Project;
}

const MOST_STEPS = 500;

export class StudioDocument {
  #project: Project;
  #preview: Project | null = null;
  #past: Step[] = [];
  #future: Step[] = [];
  readonly #listeners = new Set<Listener>();

  constructor(project: Project) {
    this.#project = project;
  }

  /** What is shown and heard: the preview while there is one. */
  get project(): Project {
    return this.#preview ?? this.#project;
  }

  /** What is kept: without the preview. */
  get committed(): Project {
    return this.#project;
  }

  /** The name of the command that undo would take back. */
  get undoName(): string | null {
    return this.#past.at(-1)?.name ?? null;
  }

  get redoName(): string | null {
    return this.#future.at(-1)?.name ?? null;
  }

  /** Run a command; tell whether it changed anything. `name` says what it does: "Move 3 notes". */
  run(name: string, change: Change): boolean {
    this.#preview = null;
    const before = this.#project;
    const after = change(before);
    if (after !== before) {
      this.#past.push({ name, before });
      if (this.#past.length > MOST_STEPS) this.#past.shift();
      this.#future = [];
      this.#project = after;
    }
    this.#tell();
    return after !== before;
  }

  /** Show what a command would do, without running it: while a note is dragged, for example. */
  preview(change: Change | null): void {
    this.#preview = change ? change(this.#project) : null;
    this.#tell();
  }

  undo(): boolean {
    return this.#step(this.#past, this.#future);
  }

  redo(): boolean {
    return this.#step(this.#future, this.#past);
  }

  /** Begin with another project; nothing of before can be undone. */
  replace(project: Project): void {
    this.#project = project;
    this.#preview = null;
    this.#past = [];
    this.#future = [];
    this.#tell();
  }

  /** Call `listener` after every change; the answer ends that. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #step(from: Step[], to: Step[]): boolean {
    const step = from.pop();
    this.#preview = null;
    if (step) {
      to.push({ name: step.name, before: this.#project });
      this.#project = step.before;
    }
    this.#tell();
    return step !== undefined;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
