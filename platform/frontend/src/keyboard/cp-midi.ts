/** `<cp-midi>`: asks for MIDI keyboards when it is pressed, and lists them. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { controlStyles } from "../lib/control-styles.ts";
import { Follow } from "../lib/follow.ts";
import { t } from "../lib/i18n.ts";
import { icon } from "../lib/icons.ts";
import type { WebMidi } from "./web-midi.ts";

/** Shows the `midi` it is given. */
export class CpMidi extends LitElement {
  static override properties = { midi: { attribute: false } };
  static override styles = controlStyles;

  declare midi: WebMidi | null;

  constructor() {
    super();
    this.midi = null;
    new Follow(this, () => [this.midi]);
  }

  override render(): TemplateResult | typeof nothing {
    const { midi } = this;
    if (!midi) return nothing;
    const { devices, state } = midi;
    return html`<div class="group">
      ${
        state === "on" || state === "missing"
          ? nothing
          : html`<button ?disabled=${state === "asking"} @click=${() => midi.connect()}>
              ${icon("plug")} ${t("MIDI keyboard")}</button>`
      }
      ${
        devices.length > 1
          ? html`<label>MIDI <select @change=${(event: Event) => midi.choose((event.target as HTMLSelectElement).value)}>
              ${devices.map(({ id, name }) => html`<option value=${id} ?selected=${id === midi.device}>${name}</option>`)}
            </select></label>`
          : nothing
      }
      <span class="hint" role="status">${state === "off" ? "" : midi.sentence}</span>
    </div>`;
  }
}

customElements.define("cp-midi", CpMidi);
