/** Times as words. The shapes match what the server writes, so a page does not jump. */
import { language, plural, t } from "./i18n.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function days(count: number): string {
  return plural("{count} day", "{count} days", count);
}

/** Time left in the two largest units that matter: "12 days", "1 day 4 h", "12 min 05 s". */
export function formatLeft(milliseconds: number): string {
  const left = Math.max(0, milliseconds);
  if (left >= 10 * DAY) return days(Math.floor(left / DAY));
  if (left >= DAY) {
    const hours = Math.floor((left % DAY) / HOUR);
    const whole = days(Math.floor(left / DAY));
    return hours === 0 ? whole : t("{days} {hours} h", { days: whole, hours });
  }
  if (left >= HOUR) {
    const minutes = Math.floor((left % HOUR) / MINUTE);
    return t("{hours} h {minutes} min", { hours: Math.floor(left / HOUR), minutes });
  }
  const seconds = Math.floor((left % MINUTE) / SECOND);
  if (left < MINUTE) return t("{count} s", { count: seconds });
  return t("{minutes} min {seconds} s", {
    minutes: Math.floor(left / MINUTE),
    seconds: String(seconds).padStart(2, "0"),
  });
}

/** Milliseconds until `formatLeft` would say something else: each second in the last hour. */
export function untilNextText(milliseconds: number): number {
  const step = milliseconds > HOUR ? MINUTE : SECOND;
  const rest = milliseconds % step;
  return rest === 0 ? step : rest;
}

/** "Sun 30 Nov 2025, 18:00" in `zone`, an IANA name; as the server writes it in each language. */
export function formatMoment(instant: Date, zone: string): string {
  const format = new Intl.DateTimeFormat(language() === "en" ? "en-GB" : language(), {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(instant).map((part) => [part.type, part.value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  return t("{weekday} {day} {month} {year}, {hour}:{minute}", {
    weekday: part("weekday").replace(".", ""),
    day: part("day"),
    // British months are "Sept", German ones "Juni"; the server writes three letters.
    month: part("month").slice(0, 3),
    year: part("year"),
    hour: part("hour"),
    minute: part("minute"),
  });
}

/** "America/New_York" as people say it: "New York". */
export function zoneLabel(zone: string): string {
  const place = zone.split("/").at(-1) ?? zone;
  return place.replaceAll("_", " ");
}
