/** Small marks on notes: hatch, padlock, plus and minus. */
import type { Rect } from "./paint-notes.ts";

type Pen = CanvasRenderingContext2D;

/** Fill with slanted lines. */
export function hatch(pen: Pen, rect: Rect, color: string, strength: number): void {
  pen.save();
  pen.beginPath();
  pen.rect(rect.x, rect.y, rect.w, rect.h);
  pen.clip();
  pen.beginPath();
  for (let x = rect.x - rect.h; x < rect.x + rect.w; x += 5) {
    pen.moveTo(x, rect.y + rect.h);
    pen.lineTo(x + rect.h, rect.y);
  }
  pen.globalAlpha = strength;
  pen.strokeStyle = color;
  pen.lineWidth = 1;
  pen.stroke();
  pen.restore();
}

/** A padlock of 8 by 10 pixels around a point. */
export function padlock(pen: Pen, x: number, y: number, color: string): void {
  pen.fillStyle = color;
  pen.strokeStyle = color;
  pen.lineWidth = 1.25;
  pen.fillRect(x - 3.5, y - 0.5, 7, 5);
  pen.beginPath();
  pen.moveTo(x - 2, y - 0.5);
  pen.lineTo(x - 2, y - 2);
  pen.arc(x, y - 2, 2, Math.PI, 0);
  pen.lineTo(x + 2, y - 0.5);
  pen.stroke();
}

/** A plus or minus at the left of a note, on a patch of `ground` if one is given. */
export function sign(pen: Pen, rect: Rect, text: "+" | "−", color: string, ground?: string): void {
  if (rect.w < 9 || rect.h < 7) return;
  const x = rect.x + Math.min(8, rect.w / 2);
  const y = rect.y + rect.h / 2;
  const arm = Math.min(3.5, rect.h / 2 - 2);
  if (ground) {
    pen.fillStyle = ground;
    pen.fillRect(x - arm - 2, y - arm - 1, 2 * arm + 4, 2 * arm + 2);
  }
  pen.strokeStyle = color;
  pen.lineWidth = 1.75;
  pen.beginPath();
  pen.moveTo(x - arm, y);
  pen.lineTo(x + arm, y);
  if (text === "+") {
    pen.moveTo(x, y - arm);
    pen.lineTo(x, y + arm);
  }
  pen.stroke();
}
