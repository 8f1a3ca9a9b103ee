/** A round in words: what it asks for, its quota, and what to do when it says no. */
import { msg, plural, t } from "../lib/i18n.ts";
import { formatLeft } from "../lib/time-text.ts";
import type { ApiProblem } from "../studio/api.ts";
import type { QuotaRow, RoundRow, RoundSummaryRow } from "./rows.ts";
import { moment } from "./wording.ts";

const TAKING: ReadonlySet<string> = new Set(["open", "frozen"]);

export function takesPieces(round: RoundSummaryRow): boolean {
  return TAKING.has(round.phase) && !round.paused;
}

/** What is left of a quota, in a sentence. */
export function quotaInWords(quota: QuotaRow): string {
  if (quota.limit === 0) return t("You may hand in as many pieces as you like.");
  if (quota.left === null || quota.used === null) {
    return plural(
      "Everybody may hand in {count} piece.",
      "Everybody may hand in {count} pieces.",
      quota.limit,
    );
  }
  if (quota.left === 0) {
    return t("You have used all {limit} submissions.", { limit: quota.limit });
  }
  const values = { used: quota.used, limit: quota.limit };
  return plural(
    "You can hand in {count} more piece ({used} of {limit} used).",
    "You can hand in {count} more pieces ({used} of {limit} used).",
    quota.left,
    values,
  );
}

/** When a person's quota is given back, in a sentence; empty where there is nothing to give back. */
export function resetInWords({ quota, closes_at }: RoundRow, now: number): string {
  if (quota.limit === 0) return "";
  const reset = quota.resets_at === null ? Number.NaN : Date.parse(quota.resets_at);
  if (!(reset < Date.parse(closes_at))) return t("That is for the whole round.");
  const values = { count: quota.limit, time: formatLeft(reset - now), when: moment(reset) };
  return plural(
    "{count} new one in {time} ({when}).",
    "{count} new ones in {time} ({when}).",
    quota.limit,
    values,
  );
}

const ADVICE: Readonly<Record<string, string>> = {
  round_closed: msg("Choose another round, or keep the piece for the next one."),
  round_paused: msg("Your piece is safe. Come back when the round goes on."),
  round_not_open: msg("Choose another round."),
  quota_exhausted: msg("Choose another round, or wait until the quota is given back."),
  duplicate: msg("Change the music, then hand it in again."),
  outside_rules: msg("See the rules below: what does not fit is marked."),
  too_many_notes: msg("Remove some notes or tracks, then hand it in again."),
  storage_unavailable: msg("Nothing was used up. Try again in a minute."),
};

/** What somebody can do about a refusal; empty where the refusal says it. */
export function adviceFor(problem: ApiProblem): string {
  return t(ADVICE[problem.code] ?? "");
}
