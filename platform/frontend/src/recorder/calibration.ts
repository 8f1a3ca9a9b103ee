/**
 * How late somebody's taps arrive: what the audio system does not tell about its own delay.
 *
 * Bluetooth headphones add up to half a second. Eight clicks are heard, eight taps are measured,
 * and the middle one counts.
 */
import { t } from "../lib/i18n.ts";

export const CLICKS = 8;
/** Seconds from click to click: longer than any delay that is looked for. */
export const INTERVAL = 0.75;

/** A tap belongs to a click if it comes from this many seconds before to this many after. */
const EARLIEST = -0.15;
const LATEST = INTERVAL + EARLIEST;
const FEWEST = 5;
/** Seconds by which the middle half of the taps may differ. */
const WIDEST = 0.06;

export type Measured =
  | { readonly isGood: true /** Seconds; negative: early. */; readonly lateness: number }
  | { readonly isGood: false; readonly sentence: string };

/** Compare taps with clicks, both in seconds of the audio clock. */
export function measureLateness(clicks: readonly number[], taps: readonly number[]): Measured {
  const delays = clicks
    .flatMap((click) => {
      const tap = taps.find((time) => time - click >= EARLIEST && time - click < LATEST);
      return tap === undefined ? [] : [tap - click];
    })
    .sort((a, b) => a - b);
  if (delays.length < FEWEST) {
    return { isGood: false, sentence: t("Too few taps were heard. Tap once to each click.") };
  }
  if (at(delays, 0.75) - at(delays, 0.25) > WIDEST) {
    return {
      isGood: false,
      sentence: t("The taps were uneven. Try again, tapping with the clicks."),
    };
  }
  return { isGood: true, lateness: at(delays, 0.5) };
}

/** The value that a share of the sorted `values` lies below. */
function at(values: readonly number[], share: number): number {
  const place = share * (values.length - 1);
  const [low = 0, high = low] = [values[Math.floor(place)], values[Math.ceil(place)]];
  return low + (high - low) * (place % 1);
}

const KEY = "counterpoint.lateness";
const LARGEST = 1;

type Shelf = Pick<Storage, "getItem" | "setItem">;

/** What was measured on this device, in seconds; 0 before. */
export function keptLateness(shelf: () => Shelf = () => localStorage): number {
  try {
    const kept = Number(shelf().getItem(KEY));
    return Number.isFinite(kept) && Math.abs(kept) <= LARGEST ? kept : 0;
  } catch {
    return 0; // storage is switched off
  }
}

/** Keep a measure for the next visit; tell whether it could be kept. */
export function keepLateness(seconds: number, shelf: () => Shelf = () => localStorage): boolean {
  try {
    shelf().setItem(KEY, String(seconds));
    return true;
  } catch {
    return false;
  }
}
