/** Tell the server the viewer's time zone once, so that the next page is right without scripts. */
import { csrfToken } from "./csrf.ts";

const TOLD = "zone-told";

export function tellZone(): void {
  const { zone, zoneUrl } = document.documentElement.dataset;
  const viewer = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zoneUrl || !viewer || viewer === zone || sessionStorage.getItem(TOLD) === viewer) return;
  sessionStorage.setItem(TOLD, viewer);
  const body = new FormData();
  body.set("timezone", viewer);
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
  // A refused or lost request costs nothing: the script still shows local times.
  fetch(zoneUrl, { method: "POST", body, headers }).catch(() => undefined);
}
