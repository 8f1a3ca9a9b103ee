/** A wide table is a focus stop only while it really scrolls. */
import { find } from "./live.ts";

function update(region: Element): void {
  if (region.scrollWidth > region.clientWidth) region.setAttribute("tabindex", "0");
  else region.removeAttribute("tabindex");
}

export function watchScrollRegions(root: ParentNode): void {
  const observer = new ResizeObserver((entries) => {
    for (const entry of entries) update(entry.target);
  });
  for (const region of find(root, ".table-scroll")) observer.observe(region);
}
