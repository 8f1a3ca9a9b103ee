/** The samples of a training, scrubbed through by a slider or played like a film. */
import { find } from "./live.ts";

/** Milliseconds that a sample stays while the training is played. */
const STAY = 900;

/** Whether the film runs: it goes on when the server sends the player anew with one more sample. */
let running = false;
let timer: ReturnType<typeof setTimeout> | undefined;

export function startEvolutions(root: ParentNode): void {
  for (const region of find(root, "[data-evolution]")) enhance(region);
}

interface Parts {
  readonly region: HTMLElement;
  readonly select: HTMLSelectElement;
  readonly slider: HTMLInputElement;
  readonly button: HTMLButtonElement;
}

function enhance(region: HTMLElement): void {
  const select = region.querySelector<HTMLSelectElement>("[name=at]");
  const slider = region.querySelector<HTMLInputElement>("input[type=range]");
  const button = region.querySelector<HTMLButtonElement>("[data-play]");
  if (!select || !slider || !button) return;
  const parts: Parts = { region, select, slider, button };
  slider.max = String(select.options.length - 1);
  slider.value = String(select.selectedIndex);
  for (const old of region.querySelectorAll<HTMLElement>("[data-select], [data-show]")) {
    old.hidden = true;
  }
  slider.addEventListener("input", () => {
    stop(parts);
    show(parts, Number(slider.value));
  });
  button.addEventListener("click", () => (running ? stop(parts) : start(parts)));
  show(parts, select.selectedIndex);
  if (running) resume(parts);
}

/** Show one sample: its notes, its sentence, and the button that plays it. */
function show({ region, select, slider }: Parts, index: number): void {
  select.selectedIndex = index;
  slider.value = String(index);
  const at = select.value;
  for (const frame of region.querySelectorAll<HTMLElement>("[data-frame]")) {
    frame.toggleAttribute("hidden", frame.dataset.frame !== at);
  }
  const words = region.querySelector<SVGGElement>(`g[data-frame="${at}"]`)?.dataset.words ?? "";
  slider.setAttribute("aria-valuetext", words);
  region.querySelector("svg[role=img]")?.setAttribute("aria-label", `${words}.`);
  const say = region.querySelector("[data-say]");
  if (say) say.textContent = words;
}

function start(parts: Parts): void {
  running = true;
  if (parts.select.selectedIndex >= parts.select.options.length - 1) show(parts, 0);
  resume(parts);
}

function resume(parts: Parts): void {
  const { button } = parts;
  button.dataset.playLabel ??= button.textContent ?? "";
  button.textContent = button.dataset.pauseLabel ?? "";
  clearTimeout(timer);
  timer = setTimeout(() => step(parts), STAY);
}

function step(parts: Parts): void {
  const next = parts.select.selectedIndex + 1;
  if (!running || !parts.region.isConnected) return;
  if (next >= parts.select.options.length) {
    stop(parts);
    return;
  }
  show(parts, next);
  timer = setTimeout(() => step(parts), STAY);
}

function stop({ button }: Parts): void {
  running = false;
  clearTimeout(timer);
  if (button.dataset.playLabel) button.textContent = button.dataset.playLabel;
}
