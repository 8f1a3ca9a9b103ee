/** The roll by keyboard: a cursor that speaks and sounds, and a command for every drag. */
import { plural, t } from "../lib/i18n.ts";
import { endTick, type Note, type Track } from "../song/model.ts";
import * as commands from "./commands.ts";
import {
  afterAll,
  barward,
  type Cursor,
  neighbor,
  notesBetween,
  raised,
  stepped,
} from "./cursor.ts";
import { barStartAt, FREE_STEP, nextBarAt } from "./grid.ts";
import { type Action, actionOf } from "./keymap.ts";
import { type Ids, NONE, toggled, union } from "./sets.ts";
import { SpokenCursor } from "./spoken-cursor.ts";
import type { Stage } from "./stage.ts";
import { zoomed } from "./view.ts";
import { lengthName, pitchName, placeWithin } from "./words.ts";

const OCTAVE = 12;
const VELOCITY_STEP = 8;

export class Keyboard {
  readonly #stage: Stage;
  readonly #at: SpokenCursor;
  #boxFrom: Cursor | null = null;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#at = new SpokenCursor(stage);
  }

  /** Do what a key says; tell whether it says anything. */
  press(event: KeyboardEvent): boolean {
    const action = actionOf(event);
    if (!action) return false;
    this.do(action);
    return true;
  }

  do(action: Action): void {
    const said = this.#actions[action]();
    if (said) this.#stage.say(said);
  }

  get cursor(): Cursor {
    return this.#at.cursor;
  }

  /** Put the cursor where the pointer was. */
  place(cursor: Cursor): void {
    this.#at.place(cursor);
  }

  /** Where the cursor is, in words. */
  describe(): string {
    return `${this.#at.describe()}${this.#boxFrom ? ` ${t("Box.")}` : ""}`;
  }

  /** Begin at the track's first note again, or at middle C. */
  restart(): void {
    this.#at.restart();
    this.#boxFrom = null;
  }

  readonly #actions: Readonly<Record<Action, () => string | undefined>> = {
    left: () => this.#step(-1),
    right: () => this.#step(1),
    up: () => this.#go(raised(this.cursor, 1)),
    down: () => this.#go(raised(this.cursor, -1)),
    barLeft: () => this.#go(barward(this.#song, this.cursor, -1)),
    barRight: () => this.#go(barward(this.#song, this.cursor, 1)),
    octaveUp: () => this.#go(raised(this.cursor, OCTAVE)),
    octaveDown: () => this.#go(raised(this.cursor, -OCTAVE)),
    start: () => this.#go({ ...this.cursor, tick: 0 }),
    end: () => this.#go({ ...this.cursor, tick: endTick(this.#song) }),
    moveLeft: () => this.#move(stepped(this.#song, this.cursor, this.#snap, -1)),
    moveRight: () => this.#move(stepped(this.#song, this.cursor, this.#snap, 1)),
    moveUp: () => this.#move(raised(this.cursor, 1)),
    moveDown: () => this.#move(raised(this.cursor, -1)),
    moveBarLeft: () => this.#move({ ...this.cursor, tick: this.cursor.tick - this.#barLength }),
    moveBarRight: () => this.#move({ ...this.cursor, tick: this.cursor.tick + this.#barLength }),
    moveOctaveUp: () => this.#move(raised(this.cursor, OCTAVE)),
    moveOctaveDown: () => this.#move(raised(this.cursor, -OCTAVE)),
    toggle: () => this.#toggle(),
    remove: () => commands.remove(this.#document, this.#chosen),
    shorter: () => this.#resize(-1),
    longer: () => this.#resize(1),
    softer: () => commands.louder(this.#document, this.#chosen, -VELOCITY_STEP),
    louder: () => commands.louder(this.#document, this.#chosen, VELOCITY_STEP),
    softerByOne: () => commands.louder(this.#document, this.#chosen, -1),
    louderByOne: () => commands.louder(this.#document, this.#chosen, 1),
    next: () => this.#jump(1, false),
    previous: () => this.#jump(-1, false),
    extendNext: () => this.#jump(1, true),
    extendPrevious: () => this.#jump(-1, true),
    choose: () => this.#choose(),
    box: () => this.#box(),
    chooseAll: () => this.#chooseAll(),
    chooseNone: () => this.#select(NONE),
    copy: () => commands.copy(this.#document, this.#desk),
    cut: () => commands.cut(this.#document, this.#desk),
    paste: () => this.#paste(),
    duplicate: () => commands.duplicate(this.#document, this.#desk, this.#snap),
    undo: () => this.#undo(),
    redo: () => this.#redo(),
    lock: () => commands.toggleLock(this.#document, this.#chosen),
    lockBar: () => commands.toggleBarLock(this.#document, this.cursor.tick, this.cursor.tick + 1),
    loopStart: () => this.#loop("from"),
    loopEnd: () => this.#loop("until"),
    seek: () => this.#seek(),
    zoomIn: () => this.#zoom(1.25),
    zoomOut: () => this.#zoom(0.8),
    leave: () => this.#leave(),
  };

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

  get #barLength(): number {
    const { tick } = this.cursor;
    return nextBarAt(this.#song, tick) - barStartAt(this.#song, tick);
  }

  /** The selection; without one, the note at the cursor. */
  get #chosen(): Ids {
    const { selection } = this.#desk.state;
    if (selection.size > 0) return selection;
    return this.#here ? new Set([this.#here.id]) : NONE;
  }

  #go(to: Cursor): string {
    this.#at.go(to);
    return this.describe();
  }

  #step(direction: 1 | -1): string {
    return this.#go(stepped(this.#song, this.cursor, this.#snap, direction));
  }

  /** Move the chosen notes as far as the cursor goes, and the cursor with them. */
  #move(to: Cursor): string {
    const ticks = to.tick - this.cursor.tick;
    const semitones = to.pitch - this.cursor.pitch;
    const ids = this.#chosen;
    const before = this.#document.committed;
    const said = commands.move(this.#document, ids, ticks, semitones);
    if (this.#document.committed === before) return said;
    this.#desk.set({ selection: ids });
    return `${said} ${this.#go({ ...to, tick: Math.max(to.tick, 0) })}`;
  }

  #toggle(): string {
    const here = this.#here;
    if (here) return commands.remove(this.#document, new Set([here.id]));
    const track = this.#track;
    if (!track) return commands.noTrack();
    const { noteLength, velocity } = this.#desk.state;
    const { tick: start, pitch } = this.cursor;
    this.#at.sound(pitch);
    const said = commands.draw(this.#document, track.id, {
      start,
      pitch,
      duration: noteLength,
      velocity,
    });
    return said === commands.locked() ? said : t("Added. {note}", { note: this.describe() });
  }

  #resize(direction: 1 | -1): string {
    const step = this.#snap || FREE_STEP;
    const ids = this.#chosen;
    if (ids.size === 0) return this.#changePen(direction * step);
    return `${commands.resize(this.#document, ids, direction * step, step)} ${this.describe()}`;
  }

  /** Without a note to change, brackets change the length of the next one. */
  #changePen(by: number): string {
    const noteLength = Math.max(this.#desk.state.noteLength + by, Math.abs(by));
    this.#desk.set({ noteLength });
    return t("Next note: {length}.", { length: lengthName(noteLength) });
  }

  #jump(direction: 1 | -1, extend: boolean): string {
    const note = this.#track && neighbor(this.#track, this.cursor, direction);
    if (!note) return direction > 0 ? t("No note after this.") : t("No note before this.");
    const before = extend ? this.#desk.state.selection : NONE;
    this.#desk.set({ selection: union(before, [note.id]) });
    return this.#go({ tick: note.start, pitch: note.pitch });
  }

  #choose(): string {
    const here = this.#here;
    if (!here) return t("No note here.");
    this.#desk.set({ selection: toggled(this.#desk.state.selection, here.id) });
    return this.describe();
  }

  #box(): string {
    if (!this.#boxFrom || !this.#track) {
      this.#boxFrom = this.cursor;
      return t("Box begins at {place}, {pitch}. Press b again at its other corner.", {
        place: placeWithin(this.#song, this.cursor.tick),
        pitch: pitchName(this.cursor.pitch),
      });
    }
    const found = notesBetween(this.#track, this.#boxFrom, this.cursor);
    this.#boxFrom = null;
    return this.#select(
      union(
        this.#desk.state.selection,
        found.map((note) => note.id),
      ),
    );
  }

  #select(selection: Ids): string {
    this.#desk.set({ selection });
    return plural("{count} note selected.", "{count} notes selected.", selection.size);
  }

  #chooseAll(): string {
    const idsOf = (tracks: readonly Track[]): Ids =>
      new Set(tracks.flatMap((track) => track.notes.map((note) => note.id)));
    const shown = this.#desk.shownIn(this.#song);
    const active = idsOf(shown.slice(0, 1));
    const { selection } = this.#desk.state;
    const all = selection.size >= active.size && [...active].every((id) => selection.has(id));
    return this.#select(all ? idsOf(shown) : active);
  }

  #paste(): string {
    const before = this.#document.committed;
    const said = commands.paste(this.#document, this.#desk, this.cursor.tick);
    const { selection } = this.#desk.state;
    const pasted = this.#track?.notes.filter((note) => selection.has(note.id)) ?? [];
    if (this.#document.committed !== before) this.place({ ...this.cursor, tick: afterAll(pasted) });
    return said;
  }

  #undo(): string {
    const name = this.#document.undoName;
    return this.#document.undo() && name ? t("Undone: {name}.", { name }) : t("Nothing to undo.");
  }

  #redo(): string {
    const name = this.#document.redoName;
    return this.#document.redo() && name ? t("Redone: {name}.", { name }) : t("Nothing to redo.");
  }

  #loop(edge: "from" | "until"): string {
    const { tick } = this.cursor;
    const { loop } = this.#desk.state;
    const from = edge === "from" ? tick : Math.min(loop?.from ?? 0, tick);
    const until = edge === "until" ? tick : Math.max(loop?.until ?? 0, nextBarAt(this.#song, tick));
    if (until <= from) return t("The loop must end after it begins.");
    this.#stage.setLoop(from, until);
    return t("Loop from {from} to {until}.", {
      from: placeWithin(this.#song, from),
      until: placeWithin(this.#song, until),
    });
  }

  #seek(): string {
    this.#stage.seek(this.cursor.tick);
    return t("Playhead at {place}.", { place: placeWithin(this.#song, this.cursor.tick) });
  }

  #zoom(factor: number): undefined {
    const { view } = this.#stage;
    this.#stage.look(
      zoomed(view, { beatWidth: view.beatWidth * factor }, view.width / 2, view.height / 2),
    );
  }

  #leave(): string | undefined {
    if (this.#boxFrom) {
      this.#boxFrom = null;
      return t("Box ended.");
    }
    this.#stage.leave();
    return undefined;
  }
}
