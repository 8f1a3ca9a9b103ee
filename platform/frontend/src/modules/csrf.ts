import { readCookie } from "../lib/cookies.ts";

/** Django's token: from the cookie, or from any form where the cookie is hidden from scripts. */
export function csrfToken(): string {
  const field = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
  return readCookie(document.cookie, "csrftoken") ?? field?.value ?? "";
}
