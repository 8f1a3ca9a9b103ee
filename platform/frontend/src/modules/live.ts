/** htmx: safe requests, polling that rests in hidden tabs, focus that survives a swap. */
import { csrfToken } from "./csrf.ts";

/** Most pages ask for nothing later: they do without htmx, which is most of the site's script. */
const LATER = "[hx-get], [hx-post], [hx-trigger]";

const SAFE_METHODS = new Set(["get", "head", "options"]);

interface RequestDetail {
  readonly elt: Element;
  readonly verb: string;
  readonly headers: Record<string, string>;
}

function detailOf(event: Event): RequestDetail {
  return (event as CustomEvent<RequestDetail>).detail;
}

function signRequest(event: Event): void {
  const { verb, headers } = detailOf(event);
  if (!SAFE_METHODS.has(verb.toLowerCase())) headers["X-CSRFToken"] = csrfToken();
}

function restWhileHidden(event: Event): void {
  const poll = detailOf(event).elt.hasAttribute("data-poll");
  if (poll && document.hidden) event.preventDefault();
}

function markStale(event: Event, stale: boolean): void {
  detailOf(event).elt.closest("[data-poll]")?.toggleAttribute("data-stale", stale);
}

function moveFocus(event: Event): void {
  const region = event.target instanceof Element ? event.target : null;
  const wanted = region?.matches("[data-focus]") ? region : region?.querySelector("[data-focus]");
  if (!(wanted instanceof HTMLElement)) return;
  if (!wanted.hasAttribute("tabindex")) wanted.tabIndex = -1;
  wanted.focus({ preventScroll: false });
}

export function startLive(): void {
  const body = document.body;
  body.addEventListener("htmx:configRequest", signRequest);
  body.addEventListener("htmx:beforeRequest", restWhileHidden);
  body.addEventListener("htmx:sendError", (event) => markStale(event, true));
  body.addEventListener("htmx:responseError", (event) => markStale(event, true));
  body.addEventListener("htmx:afterOnLoad", (event) => markStale(event, false));
  body.addEventListener("htmx:afterSettle", moveFocus);
  if (document.querySelector(LATER)) void import("htmx.org");
}

/** Call `start` for the page now and for every piece htmx brings in later. */
export function onContent(start: (root: ParentNode) => void): void {
  start(document);
  document.body.addEventListener("htmx:load", (event) => {
    const root = (event as CustomEvent<{ elt: Element }>).detail.elt;
    if (root !== document.body) start(root);
  });
}

/** Elements in `root`, itself included, that match. */
export function find<E extends HTMLElement>(root: ParentNode, selector: string): E[] {
  const found = [...root.querySelectorAll<E>(selector)];
  if (root instanceof HTMLElement && root.matches(selector)) found.unshift(root as E);
  return found;
}
