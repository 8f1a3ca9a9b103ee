/** Menus are <details>: they open without scripts. Scripts add ways to close them. */

function openMenus(): HTMLDetailsElement[] {
  return [...document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")];
}

function closeOthers(event: Event): void {
  for (const menu of openMenus()) {
    if (!(event.target instanceof Node) || !menu.contains(event.target)) menu.open = false;
  }
}

function closeOnEscape(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) menu.querySelector("summary")?.focus();
  }
}

export function startMenus(): void {
  document.addEventListener("click", closeOthers);
  document.addEventListener("focusin", closeOthers);
  document.addEventListener("keydown", closeOnEscape);
}
