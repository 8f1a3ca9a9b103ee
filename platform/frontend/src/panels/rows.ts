/** What the API says, as far as the Studio's panels read it. */

import type { Attribution } from "./licences.ts";

export type Technique = "accompany" | "edit" | "extend";
export type Kind = "integer" | "number" | "choice" | "boolean" | "bars" | "notes" | "tracks";
export type Value = number | string | boolean | null | readonly number[];
export type Values = Readonly<Record<string, Value>>;

/** A page of a list. */
export interface Page<T> {
  readonly results: readonly T[];
  readonly next: string | null;
}

export interface ParameterRow {
  readonly name: string;
  readonly label: string;
  readonly kind: Kind;
  readonly help: string;
  readonly default: Value;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly choices: readonly string[];
  readonly unit: string;
  /** Whether it may be null. */
  readonly optional: boolean;
}

export interface TechniqueRow {
  readonly technique: Technique;
  readonly plain_name: string;
  readonly model_name: string;
  readonly description: string;
  readonly available: boolean;
  /** Why it does not run here. */
  readonly detail: string | null;
  readonly parameters: readonly ParameterRow[];
  readonly models: readonly string[];
}

export interface ModelRow {
  readonly name: string;
  /** What people read; for the site's own it is the name. */
  readonly title: string;
  readonly technique: Technique;
  /** Whether somebody trained it in the Lab, and whether that was you. */
  readonly own: boolean;
  readonly mine: boolean;
  /** Parameters that it decides. */
  readonly fixed: Values;
  readonly available: boolean;
  readonly detail: string | null;
}

/** How far a job is; times are in seconds. */
export interface JobRow {
  readonly state: string;
  /** Jobs that go first; null unless it waits for a worker. */
  readonly position: number | null;
  readonly age: number;
  readonly attempt: number;
  readonly max_attempts: number;
  readonly progress: number;
  readonly message: string;
  readonly eta: number | null;
}

export interface ResultRow {
  /** Null once it was deleted. */
  readonly composition: string | null;
  readonly midi: string | null;
  readonly notes_in: number;
  readonly notes_out: number;
  readonly added: number;
  readonly removed: number;
  readonly events: number;
  readonly events_url: string;
  readonly seconds: number;
}

export type GenerationState = "waiting" | "running" | "succeeded" | "failed" | "cancelled";

export interface GenerationRow {
  readonly id: string;
  readonly url: string;
  /** The composition that it works on. */
  readonly input: string;
  readonly input_sha256: string;
  readonly input_version: number;
  readonly technique: Technique;
  readonly model: string;
  /** What a model was called that somebody trained; empty for the site's own. */
  readonly model_title: string;
  readonly parameters: Values;
  readonly seed: number;
  readonly state: GenerationState;
  readonly final: boolean;
  readonly job: JobRow;
  readonly code: string | null;
  /** Why it failed. */
  readonly detail: string | null;
  readonly result: ResultRow | null;
  readonly created_at: string;
}

/** One generation on the way to a composition. */
export interface StepRow {
  readonly input: string;
  readonly generation: string;
  readonly technique: Technique;
  readonly model: string;
  readonly parameters: Values;
  readonly seed: number;
}

export interface CompositionRow {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly sha256: string;
  readonly midi: string;
  readonly seconds: number;
  readonly notes: number;
  readonly tracks: number;
  readonly created_at: string;
  readonly lineage: readonly StepRow[];
  /** How it was made, in a sentence or two to hand it in with; empty if by hand. */
  readonly statement: string;
  /** Other people's pieces that it was made from. */
  readonly attributions: readonly Attribution[];
}

/** A state of a composition's music. */
export interface VersionRow {
  readonly number: number;
  readonly current: boolean;
  readonly seconds: number;
  readonly notes: number;
  readonly tracks: number;
  readonly created_at: string;
}

export interface QuotaRow {
  /** 0 for no limit. */
  readonly limit: number;
  readonly period: string;
  readonly used: number | null;
  readonly left: number | null;
  readonly resets_at: string | null;
}

export interface RoundSummaryRow {
  readonly slug: string;
  readonly title: string;
  readonly phase: string;
  readonly paused: boolean;
  readonly zone: string;
  readonly closes_at: string;
}

export interface RulesRow {
  readonly min_seconds: number;
  readonly max_seconds: number;
  readonly min_tracks: number;
  readonly max_tracks: number;
  readonly techniques: readonly Technique[];
  readonly refuse_outside_rules: boolean;
  readonly style: string;
}

export interface RoundRow extends RoundSummaryRow {
  readonly rules: RulesRow;
  readonly quota: QuotaRow;
}

export interface PartRow {
  /** 0 to 100. */
  readonly value: number;
  readonly weight: number;
  readonly reasons: readonly string[];
}

export type Parts = Readonly<Record<string, PartRow>>;

export interface SubmissionRow {
  readonly id: string;
  readonly url: string;
  readonly round: string;
  readonly entry: string;
  readonly title: string;
  readonly state: string;
  readonly final: boolean;
  readonly score: number | null;
  readonly parts: Parts | null;
  readonly job: JobRow | null;
  readonly code: string | null;
  readonly detail: string | null;
}
