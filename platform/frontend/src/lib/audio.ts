/** What players and play buttons do with the browser’s own `<audio>`. */
import { takeTurn } from "./turn.ts";

/** Silence what plays when something else begins. */
export function playOneAtATime(audio: HTMLAudioElement): void {
  audio.addEventListener("play", () => takeTurn(audio));
}

/** Call `move` with the time whenever it changes: smoothly while playing, if the viewer likes that. */
export function follow(audio: HTMLAudioElement, move: (seconds: number) => void): void {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const update = (): void => move(audio.currentTime);
  const frame = (): void => {
    update();
    if (!audio.paused && !calm.matches) requestAnimationFrame(frame);
  };
  for (const event of ["timeupdate", "seeking", "ended"]) audio.addEventListener(event, update);
  audio.addEventListener("play", frame);
}

export function toggle(audio: HTMLAudioElement): void {
  if (audio.paused)
    void audio.play().catch(() => undefined); // the error event tells why
  else audio.pause();
}
