/**
 * `<cp-tracks>`: the tracks of the song, their instruments and levels.
 *
 * Properties: `document`, `desk`.
 */
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../lib/i18n.ts";
import { icon } from "../lib/icons.ts";
import { INSTRUMENT_FAMILIES } from "../song/instruments.ts";
import type { Track } from "../song/model.ts";
import { noteCount } from "../song/words.ts";
import { DeskElement } from "./desk-element.ts";
import { controls, shared } from "./styles.ts";
import { TRACK_COLORS } from "./theme.ts";
import * as tracks from "./track-commands.ts";
import { trackStyles } from "./track-styles.ts";

const DRUMS = "drums";

export class CpTracks extends DeskElement {
  static override styles = [shared, controls, trackStyles];

  protected override render() {
    const { song } = this.document.project;
    return html`
      <ol aria-label=${t("Tracks")}>
        ${repeat(
          song.tracks,
          (track) => track.id,
          (track, index) => this.#track(track, index),
        )}
      </ol>
      ${song.tracks.length === 0 ? html`<p class="muted">${t("No track yet. Add one to begin.")}</p>` : nothing}
      <button class="add" @click=${this.#add}>${icon("plus")}${t("Add a track")}</button>
    `;
  }

  #track(track: Track, index: number) {
    const active = track.id === this.activeTrack?.id;
    const title = tracks.titleOf(this.document.project.song, track);
    return html`<li data-track=${track.id} ?data-active=${active}>
      <div class="head">
        <button
          class="swatch color-${(index % TRACK_COLORS) + 1}"
          aria-pressed=${active}
          aria-label=${t("Work on {track}", { track: title })}
          title=${t("Work on {track}", { track: title })}
          @click=${() => this.desk.set({ activeTrack: track.id })}
        >
          ${index + 1}
        </button>
        <input
          aria-label=${t("Name of track {number}", { number: index + 1 })}
          maxlength="80"
          .value=${track.name}
          placeholder=${title}
          @change=${(event: Event) => this.#rename(track, event)}
        />
        ${this.#switches(track, title)}
      </div>
      ${active ? this.#more(track, title, index) : nothing}
    </li>`;
  }

  #switches(track: Track, title: string) {
    const { muted, soloed } = this.document.project;
    const button = (letter: string, name: string, on: boolean, act: () => void) => html`<button
      class="letter"
      aria-pressed=${on}
      aria-label=${name}
      title=${name}
      @click=${act}
    >
      ${letter}
    </button>`;
    return html`
      ${button("M", t("Mute {track}", { track: title }), muted.has(track.id), () => tracks.toggleMute(this.document, track))}
      ${button("S", t("Solo {track}", { track: title }), soloed.has(track.id), () => tracks.toggleSolo(this.document, track))}
    `;
  }

  #more(track: Track, title: string, index: number) {
    const last = this.document.project.song.tracks.length - 1;
    const locked = tracks.isTrackLocked(this.document.project, track);
    return html`<div class="more">
      ${this.#instrument(track, title)} ${this.#level(track, "volume", { name: t("Volume"), of: t("Volume of {track}", { track: title }), change: t("Change volume of {track}", { track: title }) })}
      ${this.#level(track, "pan", { name: t("Pan"), of: t("Pan of {track}", { track: title }), change: t("Change pan of {track}", { track: title }) })}
      <div class="acts">
        <span class="muted">${noteCount(track.notes.length)}</span>
        ${this.#act(
          "lock",
          t("Lock {track}", { track: title }),
          () => tracks.toggleLock(this.document, track),
          {
            pressed: locked,
            disabled: track.notes.length === 0,
          },
        )}
        ${this.#act(
          "up",
          t("Move {track} up", { track: title }),
          () => tracks.moveBy(this.document, track, -1),
          {
            disabled: index === 0,
          },
        )}
        ${this.#act(
          "down",
          t("Move {track} down", { track: title }),
          () => tracks.moveBy(this.document, track, 1),
          {
            disabled: index === last,
          },
        )}
        ${this.#act("copy", t("Duplicate {track}", { track: title }), () => this.#duplicate(track))}
        ${this.#act("trash", t("Remove {track}", { track: title }), () => this.#remove(track))}
      </div>
    </div>`;
  }

  #act(
    shape: string,
    name: string,
    act: () => void,
    state: { pressed?: boolean; disabled?: boolean } = {},
  ) {
    return html`<button
      class="icon quiet"
      title=${name}
      aria-label=${name}
      aria-pressed=${state.pressed ?? nothing}
      ?disabled=${state.disabled ?? false}
      @click=${act}
    >
      ${icon(shape)}
    </button>`;
  }

  #instrument(track: Track, title: string) {
    const option = (program: number, name: string) =>
      html`<option value=${program} .selected=${!track.isDrum && track.program === program}>${name}</option>`;
    return html`<select
      aria-label=${t("Instrument of {track}", { track: title })}
      @change=${(event: Event) => this.#choose(track, (event.target as HTMLSelectElement).value)}
    >
      <option value=${DRUMS} .selected=${track.isDrum}>${t("Drums")}</option>
      ${INSTRUMENT_FAMILIES.map(
        (family) => html`<optgroup label=${family.name}>
          ${family.instruments.map(({ program, name }) => option(program, name))}
        </optgroup>`,
      )}
    </select>`;
  }

  #level(
    track: Track,
    what: "volume" | "pan",
    words: { name: string; of: string; change: string },
  ) {
    const value = (event: Event) => (event.target as HTMLInputElement).valueAsNumber;
    const said = what === "pan" ? panInWords(track.pan) : String(track.volume);
    return html`<label class="level">
      <span>${words.name}</span>
      <input
        type="range"
        min="0"
        max="127"
        aria-label=${words.of}
        aria-valuetext=${said}
        .value=${String(track[what])}
        @input=${(event: Event) => tracks.previewTrack(this.document, track.id, { [what]: value(event) })}
        @change=${(event: Event) =>
          tracks.change(this.document, words.change, track.id, {
            [what]: value(event),
          })}
      />
      <output>${said}</output>
    </label>`;
  }

  #rename(track: Track, event: Event): void {
    const name = (event.target as HTMLInputElement).value.trim();
    tracks.change(this.document, t("Rename a track"), track.id, { name });
  }

  #choose(track: Track, value: string): void {
    const to = value === DRUMS ? { isDrum: true } : { isDrum: false, program: Number(value) };
    tracks.change(this.document, t("Change the instrument"), track.id, to);
  }

  #add(): void {
    this.desk.set({ activeTrack: tracks.add(this.document) });
  }

  #duplicate(track: Track): void {
    this.desk.set({ activeTrack: tracks.duplicate(this.document, track) });
  }

  /** The focus goes to the track that takes the place of the one removed. */
  async #remove(track: Track): Promise<void> {
    const at = this.song.tracks.indexOf(track);
    tracks.remove(this.document, track);
    const next = this.song.tracks[Math.min(at, this.song.tracks.length - 1)];
    this.desk.set({ activeTrack: next?.id ?? null });
    await this.updateComplete;
    const place = next ? `[data-track="${next.id}"] .swatch` : ".add";
    this.renderRoot.querySelector<HTMLElement>(place)?.focus();
  }
}

/** "center", "left 40 %", "right 100 %". */
export function panInWords(pan: number): string {
  if (pan === 64) return t("center");
  const share = Math.round((Math.abs(pan - 64) / (pan < 64 ? 64 : 63)) * 100);
  return pan < 64 ? t("left {share} %", { share }) : t("right {share} %", { share });
}

customElements.define("cp-tracks", CpTracks);
