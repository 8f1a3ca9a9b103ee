/** How far a job is: its message, bar, place in the queue and likely end. */
import { html, nothing } from "lit";
import { t } from "../lib/i18n.ts";
import type { Drawn } from "./panel.ts";
import type { JobRow } from "./rows.ts";
import { span } from "./wording.ts";

/** `name` is what the job is at: "Adding a band". */
export function progressOf(name: string, job: JobRow): Drawn {
  const percent = Math.round(job.progress * 100);
  return html`${job.message ? html`<p class="small">${job.message}</p>` : nothing}
    <progress class="progress" max="100" .value=${percent} aria-label=${name}>${percent} %</progress>
    <dl class="job__facts">
      ${percent > 0 ? fact(t("Done"), `${percent} %`) : nothing}
      ${job.position === null ? nothing : fact(t("In the queue"), ahead(job.position))}
      ${job.attempt > 1 ? fact(t("Attempt"), `${job.attempt} / ${job.max_attempts}`) : nothing}
      ${job.eta === null ? nothing : fact(t("About"), t("{time} to go", { time: span(job.eta) }))}
    </dl>`;
}

function ahead(position: number): string {
  return position === 0 ? t("next") : t("{count} before it", { count: position });
}

function fact(label: string, value: string): Drawn {
  return html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
}
