/** What the roll's keys do to notes: with the selection, or with the note at the cursor. */
import { plural, t } from "../lib/i18n.ts";
import type { Note, Track } from "../song/model.ts";
import { lengthName, placeWithin, spokenName } from "../song/words.ts";
import * as commands from "./commands.ts";
import { afterAll, type Cursor, neighbor, notesBetween } from "./cursor.ts";
import { FREE_STEP } from "./grid.ts";
import { type Ids, NONE, toggled, union } from "./sets.ts";
import type { SpokenCursor } from "./spoken-cursor.ts";
import type { Stage } from "./stage.ts";

export class NoteKeys {
  readonly #stage: Stage;
  readonly #at: SpokenCursor;
  #boxFrom: Cursor | null = null;

  constructor(stage: Stage, at: SpokenCursor) {
    this.#stage = stage;
    this.#at = at;
  }

  get hasBox(): boolean {
    return this.#boxFrom !== null;
  }

  endBox(): void {
    this.#boxFrom = null;
  }

  /** The selection; without one, the note at the cursor. */
  get chosen(): Ids {
    const { selection } = this.#desk.state;
    if (selection.size > 0) return selection;
    return this.#here ? new Set([this.#here.id]) : NONE;
  }

  /** Where the cursor is, in words. */
  describe(): string {
    return `${this.#at.describe()}${this.#boxFrom ? ` ${t("Box.")}` : ""}`;
  }

  go(to: Cursor): string {
    this.#at.go(to);
    return this.describe();
  }

  /** Move the chosen notes as far as the cursor goes, and the cursor with them. */
  move(to: Cursor): string {
    const ticks = to.tick - this.#cursor.tick;
    const semitones = to.pitch - this.#cursor.pitch;
    const ids = this.chosen;
    const before = this.#document.committed;
    const said = commands.move(this.#document, ids, ticks, semitones);
    if (this.#document.committed === before) return said;
    this.#desk.set({ selection: ids });
    return `${said} ${this.go({ ...to, tick: Math.max(to.tick, 0) })}`;
  }

  toggle(): string {
    const here = this.#here;
    if (here) return commands.remove(this.#document, new Set([here.id]));
    const track = this.#track;
    if (!track) return commands.noTrack();
    const { noteLength, velocity } = this.#desk.state;
    const { tick: start, pitch } = this.#cursor;
    this.#at.sound(pitch);
    const said = commands.draw(this.#document, track.id, {
      start,
      pitch,
      duration: noteLength,
      velocity,
    });
    return said === commands.locked() ? said : t("Added. {note}", { note: this.describe() });
  }

  resize(direction: 1 | -1): string {
    const step = this.#snap || FREE_STEP;
    const ids = this.chosen;
    if (ids.size === 0) return this.#changePen(direction * step);
    return `${commands.resize(this.#document, ids, direction * step, step)} ${this.describe()}`;
  }

  /** Without a note to change, brackets change the length of the next one. */
  #changePen(by: number): string {
    const noteLength = Math.max(this.#desk.state.noteLength + by, Math.abs(by));
    this.#desk.set({ noteLength });
    return t("Next note: {length}.", { length: lengthName(noteLength) });
  }

  jump(direction: 1 | -1, extend: boolean): string {
    const note = this.#track && neighbor(this.#track, this.#cursor, direction);
    if (!note) return direction > 0 ? t("No note after this.") : t("No note before this.");
    const before = extend ? this.#desk.state.selection : NONE;
    this.#desk.set({ selection: union(before, [note.id]) });
    return this.go({ tick: note.start, pitch: note.pitch });
  }

  choose(): string {
    const here = this.#here;
    if (!here) return t("No note here.");
    this.#desk.set({ selection: toggled(this.#desk.state.selection, here.id) });
    return this.describe();
  }

  box(): string {
    if (!this.#boxFrom || !this.#track) {
      this.#boxFrom = this.#cursor;
      return t("Box begins at {place}, {pitch}. Press b again at its other corner.", {
        place: placeWithin(this.#song, this.#cursor.tick),
        pitch: spokenName(this.#song, this.#track, {
          start: this.#cursor.tick,
          pitch: this.#cursor.pitch,
        }),
      });
    }
    const found = notesBetween(this.#track, this.#boxFrom, this.#cursor);
    this.#boxFrom = null;
    return this.select(
      union(
        this.#desk.state.selection,
        found.map((note) => note.id),
      ),
    );
  }

  select(selection: Ids): string {
    this.#desk.set({ selection });
    return plural("{count} note selected.", "{count} notes selected.", selection.size);
  }

  chooseAll(): string {
    const idsOf = (tracks: readonly Track[]): Ids =>
      new Set(tracks.flatMap((track) => track.notes.map((note) => note.id)));
    const shown = this.#desk.shownIn(this.#song);
    const active = idsOf(shown.slice(0, 1));
    const { selection } = this.#desk.state;
    const all = selection.size >= active.size && [...active].every((id) => selection.has(id));
    return this.select(all ? idsOf(shown) : active);
  }

  paste(): string {
    const before = this.#document.committed;
    const said = commands.paste(this.#document, this.#desk, this.#cursor.tick);
    const { selection } = this.#desk.state;
    const pasted = this.#track?.notes.filter((note) => selection.has(note.id)) ?? [];
    if (this.#document.committed !== before)
      this.#at.place({ ...this.#cursor, tick: afterAll(pasted) });
    return said;
  }

  get #cursor(): Cursor {
    return this.#at.cursor;
  }

  get #document() {
    return this.#stage.document;
  }

  get #desk() {
    return this.#stage.desk;
  }

  get #song() {
    return this.#at.song;
  }

  get #snap(): number {
    return this.#desk.state.snap;
  }

  get #track(): Track | null {
    return this.#at.track;
  }

  get #here(): Note | null {
    return this.#at.here;
  }
}
