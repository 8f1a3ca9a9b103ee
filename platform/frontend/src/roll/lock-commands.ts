/** Locks as named commands: what is locked, neither a person nor a model changes. */
import { plural, t } from "../lib/i18n.ts";
import type { StudioDocument } from "../song/document.ts";
import { notesWith } from "../song/edits.ts";
import { barsOf, lockingBars, lockingNotes } from "./locks.ts";
import { nothingChosen, run } from "./running.ts";
import type { Ids } from "./sets.ts";

/** Lock the chosen notes, or unlock them if all of them are locked. */
export function toggleLock(document: StudioDocument, ids: Ids): string {
  const { song, lockedNotes } = document.committed;
  const chosen = new Set(notesWith(song, ids).map((note) => note.id));
  if (chosen.size === 0) return nothingChosen();
  const lock = ![...chosen].every((id) => lockedNotes.has(id));
  const name = lock
    ? plural("Lock {count} note", "Lock {count} notes", chosen.size)
    : plural("Unlock {count} note", "Unlock {count} notes", chosen.size);
  return run(document, name, lockingNotes(chosen, lock));
}

/** Lock the bars between two ticks, or unlock them if all of them are locked. */
export function toggleBarLock(document: StudioDocument, from: number, until: number): string {
  const { song, lockedBars } = document.committed;
  const bars = barsOf(song, from, until);
  const lock = ![...bars].every((bar) => lockedBars.has(bar));
  const first = Math.min(...bars);
  return run(document, barsNamed(lock, first, Math.max(...bars)), lockingBars(bars, lock));
}

function barsNamed(lock: boolean, first: number, last: number): string {
  if (first === last) {
    return lock ? t("Lock bar {bar}", { bar: first }) : t("Unlock bar {bar}", { bar: first });
  }
  return lock
    ? t("Lock bars {first} to {last}", { first, last })
    : t("Unlock bars {first} to {last}", { first, last });
}
