/** How late taps arrive on this device, kept in the browser between visits. */

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
