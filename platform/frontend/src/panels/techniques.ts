/** What the models offer, and the settings that somebody has made for each technique. */
import { ApiProblem, ask } from "../studio/api.ts";
import type { AskFor } from "./generations.ts";
import type { GenerationRow, ModelRow, Technique, TechniqueRow, Value } from "./rows.ts";
import { defaultsOf, type Problems, problemsOf, type Settings, settingsFrom } from "./settings.ts";

export class Techniques {
  all: readonly TechniqueRow[] = [];
  problems: Problems = {};
  /** Why they could not be fetched. */
  trouble = "";
  readonly #changed: () => void;
  readonly #ask: AskFor;
  readonly #settings = new Map<Technique, Settings>();
  #models: readonly ModelRow[] = [];

  constructor(changed: () => void, askFor: AskFor = ask) {
    this.#changed = changed;
    this.#ask = askFor;
  }

  async load(): Promise<void> {
    this.trouble = "";
    this.#changed();
    try {
      const [techniques, models] = await Promise.all([
        this.#ask<TechniqueRow[]>("techniques/"),
        this.#ask<ModelRow[]>("models/"),
      ]);
      this.all = techniques.data;
      this.#models = models.data;
      for (const row of this.all) this.#settings.set(row.technique, defaultsOf(row));
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      this.trouble = problem.message;
    }
    this.#changed();
  }

  modelsOf(technique: TechniqueRow): readonly ModelRow[] {
    return this.#models.filter((model) => model.technique === technique.technique);
  }

  settingsOf(technique: TechniqueRow): Settings {
    return this.#settings.get(technique.technique) ?? defaultsOf(technique);
  }

  /** Fill in what an earlier generation was asked for with; tell of which technique it was. */
  use(earlier: GenerationRow): Technique | null {
    const technique = this.all.find((row) => row.technique === earlier.technique);
    if (!technique) return null;
    this.#settings.set(technique.technique, settingsFrom(technique, earlier));
    this.problems = {};
    return technique.technique;
  }

  change(technique: TechniqueRow, part: Partial<Settings>): void {
    this.#settings.set(technique.technique, { ...this.settingsOf(technique), ...part });
    this.#changed();
  }

  set(technique: TechniqueRow, name: string, value: Value): void {
    const { [name]: _, ...others } = this.problems;
    this.problems = others;
    const { values } = this.settingsOf(technique);
    this.change(technique, { values: { ...values, [name]: value } });
  }

  /** Tell whether the settings can be sent, and note what is wrong with them. */
  check(technique: TechniqueRow): boolean {
    this.problems = problemsOf(technique, this.settingsOf(technique));
    return !this.hasProblems;
  }

  get hasProblems(): boolean {
    return Object.keys(this.problems).length > 0;
  }
}
