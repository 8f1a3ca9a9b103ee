/** Tells the site once that a piece was heard: half of it, or 15 seconds. */
import { enoughOf, Listening } from "../lib/listening.ts";
import { csrfToken } from "./csrf.ts";

export function countListening(audio: HTMLAudioElement, address: string, seconds: number): void {
  const listening = new Listening();
  let told = false;
  audio.addEventListener("seeking", () => listening.interrupt());
  audio.addEventListener("pause", () => listening.interrupt());
  audio.addEventListener("timeupdate", () => {
    if (audio.paused || audio.seeking) return;
    listening.advance(audio.currentTime);
    if (told || listening.heard < enoughOf(seconds)) return;
    told = true;
    void tell(address, listening.heard);
  });
}

async function tell(address: string, seconds: number): Promise<void> {
  try {
    await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ seconds }),
      keepalive: true,
    });
  } catch {
    // Offline: one listen fewer is no reason to disturb the listener.
  }
}
