/** A file field that also takes a dropped file and says at once what is wrong with it. */
import { checkFile, type FileRules, formatSize } from "../lib/file-check.ts";
import { find } from "./live.ts";

export function startUploads(root: ParentNode): void {
  for (const zone of find(root, "[data-upload]")) {
    const input = zone.querySelector<HTMLInputElement>("input[type=file]");
    if (input) enhance(zone, input);
  }
}

function enhance(zone: HTMLElement, input: HTMLInputElement): void {
  zone.toggleAttribute("data-live", true);
  input.addEventListener("change", () => describe(zone, input));
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.toggleAttribute("data-over", true);
  });
  zone.addEventListener("dragleave", (event) => {
    const inside = event.relatedTarget instanceof Node && zone.contains(event.relatedTarget);
    if (!inside) zone.removeAttribute("data-over");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.removeAttribute("data-over");
    take(input, event.dataTransfer);
  });
}

function take(input: HTMLInputElement, dropped: DataTransfer | null): void {
  const file = dropped?.files[0];
  if (!file) return;
  const one = new DataTransfer();
  one.items.add(file);
  input.files = one.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function rulesOf(zone: HTMLElement, input: HTMLInputElement): FileRules {
  const limit = Number(zone.dataset.maxBytes);
  return { accept: input.accept, maxBytes: limit > 0 ? limit : null };
}

function describe(zone: HTMLElement, input: HTMLInputElement): void {
  const line = zone.querySelector<HTMLElement>("[data-chosen]");
  const file = input.files?.[0];
  const verdict = file ? checkFile(file, rulesOf(zone, input)) : null;
  input.setCustomValidity(verdict?.blocks ? verdict.message : "");
  if (!line) return;
  line.dataset.state = verdict ? "bad" : "good";
  line.textContent = file
    ? `${file.name}, ${formatSize(file.size)}. ${verdict?.message ?? ""}`.trim()
    : "";
}
