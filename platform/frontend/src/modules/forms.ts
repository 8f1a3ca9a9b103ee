/** One click, one submission. `data-repeat` on a form that answers with a download opts out. */

const BUSY = "busy";

function submitOnce(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  if (form.method !== "post" || form.hasAttribute("data-repeat")) return;
  if (form.dataset.state === BUSY) {
    event.preventDefault();
    return;
  }
  form.dataset.state = BUSY;
  // Not `disabled`: a disabled button's name and value would be missing from the form.
  const button = event.submitter;
  button?.setAttribute("aria-disabled", "true");
  const label = button?.querySelector("[data-busy-label]");
  if (label) label.textContent = label.getAttribute("data-busy-label");
}

/** Coming back by the Back button must find the form usable again. */
function release(event: PageTransitionEvent): void {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll<HTMLFormElement>(`form[data-state=${BUSY}]`)) {
    delete form.dataset.state;
    form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
  }
}

export function startForms(): void {
  document.addEventListener("submit", submitOnce);
  window.addEventListener("pageshow", release);
}
