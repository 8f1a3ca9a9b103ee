/** Moments in the viewer's zone with the round's zone beside, and time left. */
import { t } from "../lib/i18n.ts";
import { formatLeft, formatMoment, untilNextText, zoneLabel } from "../lib/time-text.ts";
import { find } from "./live.ts";

const DAY = 24 * 60 * 60 * 1000;
/** Timers overflow past 2^31 ms, and a laptop may sleep: look again at least this often. */
const LONGEST_WAIT = 60_000;

function instantOf(element: HTMLElement): Date | null {
  const instant = new Date(element.getAttribute("datetime") ?? "");
  return Number.isNaN(instant.getTime()) ? null : instant;
}

export function showLocalTimes(root: ParentNode): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const element of find(root, "time[data-local]")) {
    const instant = instantOf(element);
    if (instant === null) continue;
    const text = formatMoment(instant, zone);
    element.textContent = `${text} (${zoneLabel(zone)})`;
    showRoundZone(element, instant, text);
  }
}

function showRoundZone(element: HTMLElement, instant: Date, viewerText: string): void {
  const beside = element.parentElement?.querySelector<HTMLElement>("[data-round-zone]");
  const zone = beside?.dataset.roundZone;
  if (!beside || !zone) return;
  const text = formatMoment(instant, zone);
  beside.hidden = text === viewerText;
  beside.textContent = `${text} (${zoneLabel(zone)})`;
}

export function startCountdowns(root: ParentNode): void {
  for (const element of find(root, "time[data-countdown]")) {
    const end = instantOf(element);
    if (end !== null) tick(element, end.getTime());
  }
}

function tick(element: HTMLElement, end: number): void {
  if (!element.isConnected) return;
  const left = end - Date.now();
  element.textContent =
    left > 0 ? t("{left} left", { left: formatLeft(left) }) : (element.dataset.done ?? t("Closed"));
  element.toggleAttribute("data-soon", left > 0 && left < DAY);
  if (left > 0) {
    setTimeout(() => tick(element, end), Math.min(untilNextText(left), LONGEST_WAIT));
  }
}
