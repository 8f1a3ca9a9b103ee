/** The playhead over a piano roll of `templates/components/roll.html`. */
import { type Moment, positionAt, readClock } from "./playhead.ts";

const SVG = "http://www.w3.org/2000/svg";

/** A playhead that was drawn, and what it is drawn on. */
export interface RollHead {
  readonly drawing: SVGSVGElement;
  readonly clock: readonly Moment[];
  move(seconds: number): void;
}

/** Draw the playhead at the beginning of a roll; undefined where the roll has no clock. */
export function drawRollHead(roll: HTMLElement | null): RollHead | undefined {
  const drawing = roll?.querySelector("svg");
  const clock = readClock(roll?.dataset.clock ?? "");
  if (!roll || !drawing || clock.length < 2) return undefined;
  const { width, height } = drawing.viewBox.baseVal;
  for (const old of drawing.querySelectorAll(".playhead")) old.remove();
  const head = drawLine(drawing, height);
  placeLine(head, clock[0]?.at ?? 0);
  const move = (seconds: number): void => {
    const at = positionAt(clock, seconds);
    placeLine(head, at);
    keepInView(roll, (at / width) * drawing.clientWidth);
  };
  return { drawing, clock, move };
}

/** Turn the page of a long roll when the playhead leaves it. */
function keepInView(roll: HTMLElement, at: number): void {
  const view = roll.querySelector(".roll__scroll");
  if (!view || view.scrollWidth <= view.clientWidth) return;
  const seen = at - view.scrollLeft;
  if (seen < 0 || seen > view.clientWidth * 0.95) view.scrollLeft = at - view.clientWidth * 0.1;
}

export function drawLine(drawing: SVGSVGElement, height: number): SVGLineElement {
  const head = document.createElementNS(SVG, "line");
  head.setAttribute("class", "playhead");
  head.setAttribute("y1", "0");
  head.setAttribute("y2", String(height));
  drawing.append(head);
  return head;
}

export function placeLine(head: SVGLineElement, x: number): void {
  head.setAttribute("x1", x.toFixed(2));
  head.setAttribute("x2", x.toFixed(2));
}
