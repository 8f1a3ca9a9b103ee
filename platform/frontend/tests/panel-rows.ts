/** Rows as the API sends them, for tests of the panels. */
import type { GenerationRow, ParameterRow, TechniqueRow } from "../src/panels/rows.ts";

export function parameter(name: string, about: Partial<ParameterRow> = {}): ParameterRow {
  return {
    name,
    label: name,
    kind: "number",
    help: "",
    default: 1,
    minimum: 0,
    maximum: 10,
    choices: [],
    unit: "",
    optional: false,
    ...about,
  };
}

export const EDIT: TechniqueRow = {
  technique: "edit",
  plain_name: "Bach it",
  model_name: "AR-CNN",
  description: "",
  available: true,
  detail: null,
  models: ["ar-cnn"],
  parameters: [
    parameter("sampling_iterations", { kind: "integer", default: 100, maximum: 100 }),
    parameter("maximum_notes_to_remove", { default: 100, maximum: 100, unit: "%" }),
    parameter("maximum_notes_to_add", { kind: "integer", default: 500, maximum: 1000 }),
    parameter("creative_risk", { label: "Creative risk", minimum: 0.5, maximum: 6 }),
    parameter("maximum_rest", { default: null, maximum: 30, optional: true }),
    parameter("locked_bars", { kind: "bars", default: [] }),
    parameter("locked_notes", { kind: "notes", default: [] }),
  ],
};

export function generation(id: string, about: Partial<GenerationRow> = {}): GenerationRow {
  const final = !["waiting", "running"].includes(about.state ?? "waiting");
  return {
    id,
    url: `/api/v1/generations/${id}/`,
    input: "tune",
    input_sha256: "",
    input_version: 1,
    technique: "edit",
    model: "ar-cnn",
    model_title: "",
    parameters: {},
    seed: 5,
    state: "waiting",
    final,
    job: {
      state: "ready",
      position: 0,
      age: 1,
      attempt: 0,
      max_attempts: 3,
      progress: 0,
      message: "",
      eta: null,
    },
    code: null,
    detail: null,
    result: null,
    created_at: `2026-11-14T12:00:0${id}Z`,
    ...about,
  };
}

export function result(composition: string | null) {
  return {
    composition,
    midi: null,
    notes_in: 4,
    notes_out: 6,
    added: 2,
    removed: 0,
    events: 0,
    events_url: "",
    seconds: 1,
  };
}
