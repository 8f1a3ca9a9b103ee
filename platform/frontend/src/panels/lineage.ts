/** The tree of pieces and generations around one piece. */
import { ApiProblem } from "../studio/api.ts";
import type { AskFor } from "./generations.ts";
import type { CompositionRow, GenerationRow, Page } from "./rows.ts";

export interface PieceNode {
  readonly id: string;
  /** Null for a piece that was deleted. */
  readonly title: string | null;
  readonly isOpen: boolean;
  /** What was made of it, the first one first. */
  readonly runs: readonly RunNode[];
}

export interface RunNode {
  readonly row: GenerationRow;
  /** The piece that came of it; null if none did. */
  readonly result: PieceNode | null;
}

export interface Family {
  /** The pieces from the first one to the open one. */
  readonly line: readonly string[];
  readonly titles: ReadonlyMap<string, string>;
  readonly runs: ReadonlyMap<string, readonly GenerationRow[]>;
}

/** Ancestors that are looked up; what lies further back is left out. */
const NEAREST = 8;

/** Ask the site for the pieces that led to one, and what else was made of each.
 *
 * Rejects with `ApiProblem`.
 */
export async function loadFamily(id: string, ask: AskFor): Promise<Family> {
  const { data: piece } = await ask<CompositionRow>(`compositions/${id}/`);
  const ancestors = piece.lineage.map((step) => step.input).slice(-NEAREST);
  const line = [...new Set([...ancestors, id])];
  const found = await Promise.all(line.map((member) => loadMember(member, ask)));
  const titles = new Map<string, string>();
  const runs = new Map<string, readonly GenerationRow[]>();
  for (const [index, member] of line.entries()) {
    const about = found[index];
    if (!about) continue;
    titles.set(member, about.title);
    runs.set(member, about.runs);
  }
  return { line, titles, runs };
}

interface Member {
  readonly title: string;
  readonly runs: readonly GenerationRow[];
}

async function loadMember(id: string, ask: AskFor): Promise<Member | null> {
  try {
    const [piece, runs] = await Promise.all([
      ask<CompositionRow>(`compositions/${id}/`),
      ask<Page<GenerationRow>>(`compositions/${id}/generations/`),
    ]);
    return { title: piece.data.title, runs: runs.data.results };
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status === 404) return null; // deleted meanwhile
    throw problem;
  }
}

/** Return the tree that begins with the first piece of the line; null without any. */
export function treeOf(family: Family): PieceNode | null {
  const [first] = family.line;
  return first === undefined ? null : nodeOf(first, family, new Set());
}

function nodeOf(id: string, family: Family, seen: Set<string>): PieceNode {
  seen.add(id);
  const runs = (family.runs.get(id) ?? [])
    .filter(({ state }) => state !== "failed" && state !== "cancelled")
    .toReversed()
    .map((row) => ({ row, result: resultOf(row, family, seen) }));
  return {
    id,
    title: family.titles.get(id) ?? null,
    isOpen: id === family.line.at(-1),
    runs,
  };
}

function resultOf(row: GenerationRow, family: Family, seen: Set<string>): PieceNode | null {
  const id = row.result?.composition ?? null;
  if (id === null || seen.has(id)) return null;
  return nodeOf(id, family, seen);
}
