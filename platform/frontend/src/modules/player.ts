/**
 * Players: the browser's own one works without this. Here it gets a playhead over the piano roll, a
 * waveform and a roll to seek on, and company: of all the sounds on a page, one plays at a time.
 */

import { follow, playOneAtATime, toggle } from "../lib/audio.ts";
import { msg, t } from "../lib/i18n.ts";
import { clockText, secondsAt } from "../lib/playhead.ts";
import { drawLine, drawRollHead, placeLine } from "../lib/roll-head.ts";
import { countListening } from "./listens.ts";
import { find } from "./live.ts";

const STEP = 5; // seconds of an arrow key
const TROUBLE = msg("The sound cannot be played just now. Reload the page in a minute.");

export function startPlayers(root: ParentNode): void {
  for (const player of find(root, "[data-player]")) start(player);
}

function start(player: HTMLElement): void {
  const audio = player.querySelector("audio");
  if (!audio) return;
  const seconds = Number(player.dataset.seconds);
  playOneAtATime(audio);
  if (player.dataset.listensUrl) countListening(audio, player.dataset.listensUrl, seconds);
  showTrouble(player, audio);
  const heads = [waveHead(player, audio, seconds), rollHead(player, audio)];
  follow(audio, (now) => {
    for (const move of heads) move?.(now);
  });
}

function showTrouble(player: HTMLElement, audio: HTMLAudioElement): void {
  const words = player.querySelector<HTMLElement>(".player__trouble");
  audio.addEventListener("error", () => {
    if (!words) return;
    words.textContent = t(TROUBLE);
    words.hidden = false;
  });
}

function seek(audio: HTMLAudioElement, seconds: number): void {
  audio.currentTime = Math.max(0, seconds);
  // Before anything is loaded the browser only notes where to begin, and tells nobody.
  if (audio.readyState === HTMLMediaElement.HAVE_NOTHING) audio.dispatchEvent(new Event("seeking"));
}

/** Make the waveform a slider, and return what moves it. */
function waveHead(
  player: HTMLElement,
  audio: HTMLAudioElement,
  seconds: number,
): ((now: number) => void) | undefined {
  const wave = player.querySelector<HTMLElement>(".player__wave");
  const drawing = wave?.querySelector("svg");
  if (!wave || !drawing) return undefined;
  wave.tabIndex = 0;
  wave.setAttribute("role", "slider");
  wave.setAttribute("aria-label", t("Position"));
  wave.setAttribute("aria-valuemin", "0");
  wave.setAttribute("aria-valuemax", String(Math.round(seconds)));
  wave.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    seek(audio, ((event.clientX - box.left) / box.width) * seconds);
  });
  wave.addEventListener("keydown", (event) => onKey(event, audio, seconds));
  const head = drawLine(drawing, drawing.viewBox.baseVal.height);
  const width = drawing.viewBox.baseVal.width;
  const move = (now: number): void => {
    placeLine(head, Math.min(1, now / seconds) * width);
    wave.setAttribute("aria-valuenow", String(Math.round(now)));
    wave.setAttribute(
      "aria-valuetext",
      t("{now} of {whole}", { now: clockText(now), whole: clockText(seconds) }),
    );
  };
  move(0);
  return move;
}

function onKey(event: KeyboardEvent, audio: HTMLAudioElement, seconds: number): void {
  const now = audio.currentTime;
  const goals: Record<string, number> = {
    ArrowLeft: now - STEP,
    ArrowDown: now - STEP,
    ArrowRight: now + STEP,
    ArrowUp: now + STEP,
    PageDown: now - 3 * STEP,
    PageUp: now + 3 * STEP,
    Home: 0,
    End: seconds,
  };
  const goal = goals[event.key];
  if (goal !== undefined) seek(audio, Math.min(goal, seconds));
  else if (event.key === " " || event.key === "Enter") toggle(audio);
  else return;
  event.preventDefault();
}

/** Draw the playhead over the piano roll, let a click move it, and return what moves it. */
function rollHead(
  player: HTMLElement,
  audio: HTMLAudioElement,
): ((now: number) => void) | undefined {
  const roll = document.getElementById(player.dataset.roll ?? "");
  const head = drawRollHead(roll);
  if (!roll || !head) return undefined;
  const { drawing, clock, move } = head;
  roll.classList.add("roll--playable");
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const { width } = drawing.viewBox.baseVal;
    seek(audio, secondsAt(clock, ((event.clientX - box.left) / box.width) * width));
  });
  return move;
}
