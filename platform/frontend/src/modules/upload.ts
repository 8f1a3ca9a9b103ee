/** A file field that also takes dropped files and says at once what is wrong with them. */
import { checkFile, checkFiles, type FileRules, formatSize } from "../lib/file-check.ts";
import { plural } from "../lib/i18n.ts";
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
  const files = [...(dropped?.files ?? [])];
  if (files.length === 0) return;
  const taken = new DataTransfer();
  for (const file of input.multiple ? files : files.slice(0, 1)) taken.items.add(file);
  input.files = taken.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function rulesOf(zone: HTMLElement, input: HTMLInputElement): FileRules {
  const limit = Number(zone.dataset.maxBytes);
  return { accept: input.accept, maxBytes: limit > 0 ? limit : null };
}

function describe(zone: HTMLElement, input: HTMLInputElement): void {
  const line = zone.querySelector<HTMLElement>("[data-chosen]");
  const files = [...(input.files ?? [])];
  const rules = rulesOf(zone, input);
  const [file] = files;
  const verdict = input.multiple ? checkFiles(files, rules) : file ? checkFile(file, rules) : null;
  input.setCustomValidity(verdict?.blocks ? verdict.message : "");
  if (!line) return;
  line.dataset.state = verdict ? "bad" : "good";
  line.textContent = file ? `${nameOf(files)}. ${verdict?.message ?? ""}`.trim() : "";
}

function nameOf(files: readonly File[]): string {
  const [first] = files;
  const size = formatSize(files.reduce((sum, file) => sum + file.size, 0));
  if (files.length === 1 && first) return `${first.name}, ${size}`;
  return plural("{count} file, {size}", "{count} files, {size}", files.length, { size });
}
