/** Two canvases that are drawn when something changed, at most once per frame. */
import { type Above, paintAbove, paintMusic } from "./paint.ts";
import type { Scene } from "./scene.ts";

interface Source {
  scene(): Scene;
  above(): Above;
}

export class Canvases {
  readonly #lower: HTMLCanvasElement;
  readonly #upper: HTMLCanvasElement;
  readonly #source: Source;
  #frame = 0;
  #music = false;

  constructor(lower: HTMLCanvasElement, upper: HTMLCanvasElement, source: Source) {
    this.#lower = lower;
    this.#upper = upper;
    this.#source = source;
  }

  /** Fit a surface, in CSS pixels. */
  resize(width: number, height: number): void {
    for (const canvas of [this.#lower, this.#upper]) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
  }

  /** Draw everything with the next frame. */
  music(): void {
    this.#music = true;
    this.above();
  }

  /** Draw what moves above the music with the next frame. */
  above(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  /** Draw everything now: for pictures and measurements. */
  now(): void {
    cancelAnimationFrame(this.#frame);
    this.#music = true;
    this.#draw();
  }

  #draw(): void {
    this.#frame = 0;
    const scene = this.#source.scene();
    const { width, height } = scene.layout;
    const lower = this.#music ? penOf(this.#lower, width, false) : null;
    this.#music = false;
    if (lower) paintMusic(lower, scene);
    const upper = penOf(this.#upper, width, true);
    if (!upper) return;
    upper.clearRect(0, 0, width, height);
    paintAbove(upper, scene, this.#source.above());
  }
}

/** A pen that draws in CSS pixels, of which the canvas is `width` wide. */
function penOf(
  canvas: HTMLCanvasElement,
  width: number,
  alpha: boolean,
): CanvasRenderingContext2D | null {
  const pen = canvas.getContext("2d", { alpha });
  const ratio = canvas.width / Math.max(width, 1);
  pen?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}
