/** Links to a WAV file that the browser makes itself; the server makes it where that fails. */
import { t } from "../lib/i18n.ts";
import { find } from "./live.ts";

export function startWavExports(root: ParentNode): void {
  for (const link of find<HTMLAnchorElement>(root, "a[data-export-wav]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      if (link.getAttribute("aria-busy") !== "true") void exportFrom(link);
    });
  }
}

async function exportFrom(link: HTMLAnchorElement): Promise<void> {
  const label = link.querySelector("[data-export-label]") ?? link;
  const before = label.textContent;
  link.setAttribute("aria-busy", "true");
  try {
    const { exportWav } = await import("../audio/export-wav.ts");
    const midi = await fetchMidi(link.dataset.exportWav ?? "");
    const wav = await exportWav(midi, {
      onProgress: (share) => {
        label.textContent = t("Making WAV, {share} %", { share: Math.round(100 * share) });
      },
    });
    save(wav, link.dataset.name ?? "piece.wav");
  } catch {
    location.assign(link.href); // too old a browser, or offline: the server can do the same
  } finally {
    label.textContent = before;
    link.removeAttribute("aria-busy");
  }
}

async function fetchMidi(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(t("The piece answered {status}.", { status: response.status }));
  return new Uint8Array(await response.arrayBuffer());
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
