/** Copy buttons: hidden until scripts run, because without them they could do nothing. */
import { t } from "../lib/i18n.ts";
import { find } from "./live.ts";

const SHOWN_FOR = 2000;

export function startCopyButtons(root: ParentNode): void {
  for (const button of find<HTMLButtonElement>(root, "button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => void copy(button));
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = document.getElementById(button.dataset.copy ?? "");
  if (!source) return;
  const text = source instanceof HTMLInputElement ? source.value : (source.textContent ?? "");
  say(button, (await write(text)) ? t("Copied") : t("Select and copy by hand"));
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Refused by the browser, or the page came over plain HTTP.
    return false;
  }
}

function say(button: HTMLButtonElement, words: string): void {
  const label = button.querySelector("[data-copy-label]");
  if (!label) return;
  const before = button.dataset.label ?? label.textContent ?? "";
  button.dataset.label = before;
  label.textContent = words;
  setTimeout(() => {
    label.textContent = before;
  }, SHOWN_FOR);
}
