/** Play buttons in lists: links to the sound that play it where they stand. */

import { follow, playOneAtATime, toggle } from "../lib/audio.ts";
import { t } from "../lib/i18n.ts";
import { countListening } from "./listens.ts";
import { find } from "./live.ts";

const SVG = "http://www.w3.org/2000/svg";

export function startPlayButtons(root: ParentNode): void {
  for (const link of find<HTMLAnchorElement>(root, "a[data-play]")) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-pressed", "false");
    let audio: HTMLAudioElement | undefined;
    const press = (event: Event): void => {
      event.preventDefault();
      audio ??= prepare(link);
      toggle(audio);
    };
    link.addEventListener("click", press);
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") press(event);
    });
  }
}

function prepare(link: HTMLAnchorElement): HTMLAudioElement {
  const audio = new Audio();
  audio.preload = "none";
  audio.src = link.href;
  const seconds = Number(link.dataset.seconds);
  playOneAtATime(audio);
  if (link.dataset.listensUrl) countListening(audio, link.dataset.listensUrl, seconds);
  for (const event of ["play", "pause", "ended"]) {
    audio.addEventListener(event, () => show(link, !audio.paused));
  }
  audio.addEventListener("error", () => tellTrouble(link));
  const move = thumbHead(link, seconds);
  if (move) follow(audio, move);
  return audio;
}

function show(link: HTMLAnchorElement, playing: boolean): void {
  link.setAttribute("aria-pressed", String(playing));
  const use = link.querySelector("use");
  const href = use?.getAttribute("href");
  if (href) use?.setAttribute("href", href.replace(/#.*$/, playing ? "#pause" : "#play"));
}

/** Say beside the button that there is nothing to hear yet. */
function tellTrouble(link: HTMLAnchorElement): void {
  const place = link.parentElement;
  if (!place || place.querySelector("[role=status]")) return;
  const words = document.createElement("span");
  words.setAttribute("role", "status");
  words.className = "small muted";
  words.textContent = t("Not to be heard just now");
  place.append(words);
}

/** Draw the playhead over the small roll beside the button, and return what moves it. */
function thumbHead(link: HTMLAnchorElement, seconds: number): ((now: number) => void) | undefined {
  const drawing = link.parentElement?.querySelector<SVGSVGElement>(".roll-thumb");
  if (!drawing) return undefined;
  const { width, height } = drawing.viewBox.baseVal;
  const head = document.createElementNS(SVG, "line");
  head.setAttribute("class", "playhead");
  head.setAttribute("y2", String(height));
  drawing.append(head);
  return (now) => {
    const x = (Math.min(1, now / seconds) * width).toFixed(2);
    head.setAttribute("x1", x);
    head.setAttribute("x2", x);
  };
}
