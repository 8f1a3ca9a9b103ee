/** Keep the screen on while somebody plays. */

/** Ask for it; the answer ends it. A browser that cannot, or will not, changes nothing. */
export function keepAwake(): () => void {
  if (typeof navigator === "undefined" || !("wakeLock" in navigator)) return () => undefined;
  const lock = navigator.wakeLock.request("screen").catch(() => null);
  return () => void lock.then((held) => held?.release());
}
