/** Arrow keys over a row of tabs, as the ARIA practices ask for. */

/** Return which of `count` tabs a key leads to from `current`, or null for other keys. */
export function tabAfter(key: string, current: number, count: number): number | null {
  if (key === "ArrowRight") return (current + 1) % count;
  if (key === "ArrowLeft") return (current + count - 1) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
}
