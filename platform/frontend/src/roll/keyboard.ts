/** The roll by keyboard: a cursor that speaks and sounds, and a command for every drag. */
import { t } from "../lib/i18n.ts";
import { endTick } from "../song/model.ts";
import { placeWithin } from "../song/words.ts";
import * as commands from "./commands.ts";
import { barward, type Cursor, raised, stepped } from "./cursor.ts";
import { barStartAt, nextBarAt } from "./grid.ts";
import { type Action, actionOf } from "./keymap.ts";
import { NoteKeys } from "./note-keys.ts";
import { NONE } from "./sets.ts";
import { SpokenCursor } from "./spoken-cursor.ts";
import type { Stage } from "./stage.ts";
import { zoomed } from "./view.ts";

const OCTAVE = 12;
const VELOCITY_STEP = 8;

export class Keyboard {
  readonly #stage: Stage;
  readonly #at: SpokenCursor;
  readonly #notes: NoteKeys;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#at = new SpokenCursor(stage);
    this.#notes = new NoteKeys(stage, this.#at);
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
    return this.#notes.describe();
  }

  /** Begin at the track's first note again, or at middle C. */
  restart(): void {
    this.#at.restart();
    this.#notes.endBox();
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
    moveLeft: () => this.#notes.move(stepped(this.#song, this.cursor, this.#snap, -1)),
    moveRight: () => this.#notes.move(stepped(this.#song, this.cursor, this.#snap, 1)),
    moveUp: () => this.#notes.move(raised(this.cursor, 1)),
    moveDown: () => this.#notes.move(raised(this.cursor, -1)),
    moveBarLeft: () =>
      this.#notes.move({ ...this.cursor, tick: this.cursor.tick - this.#barLength }),
    moveBarRight: () =>
      this.#notes.move({ ...this.cursor, tick: this.cursor.tick + this.#barLength }),
    moveOctaveUp: () => this.#notes.move(raised(this.cursor, OCTAVE)),
    moveOctaveDown: () => this.#notes.move(raised(this.cursor, -OCTAVE)),
    toggle: () => this.#notes.toggle(),
    split: () => commands.split(this.#document, this.#notes.chosen, this.cursor.tick),
    join: () => commands.join(this.#document, this.#notes.chosen),
    remove: () => commands.remove(this.#document, this.#notes.chosen),
    shorter: () => this.#notes.resize(-1),
    longer: () => this.#notes.resize(1),
    softer: () => commands.louder(this.#document, this.#notes.chosen, -VELOCITY_STEP),
    louder: () => commands.louder(this.#document, this.#notes.chosen, VELOCITY_STEP),
    softerByOne: () => commands.louder(this.#document, this.#notes.chosen, -1),
    louderByOne: () => commands.louder(this.#document, this.#notes.chosen, 1),
    next: () => this.#notes.jump(1, false),
    previous: () => this.#notes.jump(-1, false),
    extendNext: () => this.#notes.jump(1, true),
    extendPrevious: () => this.#notes.jump(-1, true),
    choose: () => this.#notes.choose(),
    box: () => this.#notes.box(),
    chooseAll: () => this.#notes.chooseAll(),
    chooseNone: () => this.#notes.select(NONE),
    copy: () => commands.copy(this.#document, this.#desk),
    cut: () => commands.cut(this.#document, this.#desk),
    paste: () => this.#notes.paste(),
    duplicate: () => commands.duplicate(this.#document, this.#desk, this.#snap),
    undo: () => this.#undo(),
    redo: () => this.#redo(),
    lock: () => commands.toggleLock(this.#document, this.#notes.chosen),
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

  get #barLength(): number {
    const { tick } = this.cursor;
    return nextBarAt(this.#song, tick) - barStartAt(this.#song, tick);
  }

  #go(to: Cursor): string {
    return this.#notes.go(to);
  }

  #step(direction: 1 | -1): string {
    return this.#go(stepped(this.#song, this.cursor, this.#snap, direction));
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
    if (this.#notes.hasBox) {
      this.#notes.endBox();
      return t("Box ended.");
    }
    this.#stage.leave();
    return undefined;
  }
}
