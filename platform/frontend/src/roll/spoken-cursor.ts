/** The keyboard's place in the roll: it stays in view, sounds where it goes, and says where it is. */
import { t } from "../lib/i18n.ts";
import type { Note, Song, Track } from "../song/model.ts";
import { noteInWords, placeName, spokenName } from "../song/words.ts";
import { type Cursor, noteUnder, startOf } from "./cursor.ts";
import { isLocked } from "./locks.ts";
import type { Stage } from "./stage.ts";
import { revealing } from "./view.ts";

const SOUND_MS = 220;

export class SpokenCursor {
  readonly #stage: Stage;
  #cursor: Cursor | null = null;
  #quiet: () => void = () => undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get cursor(): Cursor {
    this.#cursor ??= startOf(this.track);
    return this.#cursor;
  }

  get song(): Song {
    return this.#stage.document.committed.song;
  }

  get track(): Track | null {
    return this.#stage.desk.activeIn(this.song);
  }

  /** The note at the cursor. */
  get here(): Note | null {
    return this.track && noteUnder(this.track, this.cursor);
  }

  place(cursor: Cursor): void {
    this.#cursor = cursor;
  }

  restart(): void {
    this.#cursor = null;
  }

  go(to: Cursor): void {
    this.#cursor = to;
    this.#stage.look(revealing(this.#stage.view, to.tick, to.pitch));
    this.sound(to.pitch);
  }

  /** Let a pitch sound for a moment; the one before it ends. */
  sound(pitch: number): void {
    this.#quiet();
    this.#stage.sound(pitch, true);
    const off = () => {
      clearTimeout(timer);
      this.#stage.sound(pitch, false);
      this.#quiet = () => undefined;
    };
    const timer = setTimeout(off, SOUND_MS);
    this.#quiet = off;
  }

  /** "Bar 2 beat 3, E4, eighth." */
  describe(): string {
    const { tick, pitch } = this.cursor;
    const note = this.here;
    if (!note) {
      const name = spokenName(this.song, this.track, { start: tick, pitch });
      return `${placeName(this.song, tick)}, ${name}, ${t("empty")}.`;
    }
    const locked = isLocked(this.#stage.document.committed, note) ? `, ${t("locked")}` : "";
    const chosen = this.#stage.desk.state.selection.has(note.id) ? `, ${t("selected")}` : "";
    return `${noteInWords(this.song, this.track, note)}${locked}${chosen}.`;
  }
}
