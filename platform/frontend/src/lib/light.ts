import { LitElement } from "lit";

/** A custom element without a shadow: the site's own styles reach what it shows. */
export abstract class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Tell whoever listens; the event bubbles. */
  protected say<T>(name: string, detail: T): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
