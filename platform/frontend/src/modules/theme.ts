/** Change the appearance at once; the form's own POST makes the server remember it. */

function markChosen(form: HTMLFormElement, theme: string): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>("button[name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}

function choose(event: SubmitEvent): void {
  const form = event.currentTarget as HTMLFormElement;
  const button = event.submitter;
  if (!(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  const body = new FormData(form, button);
  document.documentElement.dataset.theme = button.value;
  markChosen(form, button.value);
  // `form.action` may be shadowed by a field of that name; the attribute may not.
  fetch(form.getAttribute("action") ?? "", {
    method: "POST",
    body,
    headers: { "HX-Request": "true" },
  }).catch(() => undefined); // Offline: the choice holds on this page and is not remembered.
}

export function startThemes(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-theme-form]")) {
    form.addEventListener("submit", choose);
  }
}
