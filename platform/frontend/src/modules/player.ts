/**
 * Players: the browser's own one works without this. Here it gets a playhead over the piano roll, a
 * waveform and a roll to seek on, and company: of all the sounds on a page, one plays at a time.
 */
import { clockText, positionAt, readClock, secondsAt } from "../lib/playhead.ts";
import { countListening } from "./listens.ts";
import { find } from "./live.ts";

const STEP = 5; // seconds of an arrow key
const SVG = "http://www.w3.org/2000/svg";
const TROUBLE = "The sound cannot be played just now. Reload the page in a minute.";

let audible: HTMLAudioElement | undefined;

/** Silence what plays when something else begins. */
export function playOneAtATime(audio: HTMLAudioElement): void {
  audio.addEventListener("play", () => {
    if (audible !== audio) audible?.pause();
    audible = audio;
  });
}

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
    words.textContent = TROUBLE;
    words.hidden = false;
  });
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
  wave.setAttribute("aria-label", "Position");
  wave.setAttribute("aria-valuemin", "0");
  wave.setAttribute("aria-valuemax", String(Math.round(seconds)));
  wave.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    seek(audio, ((event.clientX - box.left) / box.width) * seconds);
  });
  wave.addEventListener("keydown", (event) => onKey(event, audio, seconds));
  const head = line(drawing, "playhead", drawing.viewBox.baseVal.height);
  const width = drawing.viewBox.baseVal.width;
  const move = (now: number): void => {
    place(head, Math.min(1, now / seconds) * width);
    wave.setAttribute("aria-valuenow", String(Math.round(now)));
    wave.setAttribute("aria-valuetext", `${clockText(now)} of ${clockText(seconds)}`);
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

export function toggle(audio: HTMLAudioElement): void {
  if (audio.paused)
    void audio.play().catch(() => undefined); // the error event tells why
  else audio.pause();
}

/** Draw the playhead over the piano roll, let a click move it, and return what moves it. */
function rollHead(
  player: HTMLElement,
  audio: HTMLAudioElement,
): ((now: number) => void) | undefined {
  const roll = document.getElementById(player.dataset.roll ?? "");
  const drawing = roll?.querySelector("svg");
  const clock = readClock(roll?.dataset.clock ?? "");
  if (!roll || !drawing || clock.length < 2) return undefined;
  const { width, height } = drawing.viewBox.baseVal;
  for (const old of drawing.querySelectorAll(".playhead")) old.remove();
  const head = line(drawing, "playhead", height);
  place(head, clock[0]?.at ?? 0);
  roll.classList.add("roll--playable");
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    seek(audio, secondsAt(clock, ((event.clientX - box.left) / box.width) * width));
  });
  return (now) => {
    const at = positionAt(clock, now);
    place(head, at);
    keepInView(roll, (at / width) * drawing.clientWidth);
  };
}

/** Turn the page of a long roll when the playhead leaves it. */
function keepInView(roll: HTMLElement, at: number): void {
  const view = roll.querySelector(".roll__scroll");
  if (!view || view.scrollWidth <= view.clientWidth) return;
  const seen = at - view.scrollLeft;
  if (seen < 0 || seen > view.clientWidth * 0.95) view.scrollLeft = at - view.clientWidth * 0.1;
}

function line(drawing: SVGSVGElement, name: string, height: number): SVGLineElement {
  const head = document.createElementNS(SVG, "line");
  head.setAttribute("class", name);
  head.setAttribute("y1", "0");
  head.setAttribute("y2", String(height));
  drawing.append(head);
  return head;
}

function place(head: SVGLineElement, x: number): void {
  head.setAttribute("x1", x.toFixed(2));
  head.setAttribute("x2", x.toFixed(2));
}
