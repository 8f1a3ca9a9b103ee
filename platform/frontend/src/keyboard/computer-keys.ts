/** The computer's keyboard as a piano: A is C, the row above holds the black keys. */
import type { KeySettings } from "./key-settings.ts";
import { VELOCITY_STEP } from "./key-settings.ts";
import type { NoteInput } from "./note-input.ts";

/** Keys by where they lie (`event.code`), from C upwards: the same on every layout. */
export const NOTE_CODES = [
  "KeyA",
  "KeyW",
  "KeyS",
  "KeyE",
  "KeyD",
  "KeyF",
  "KeyT",
  "KeyG",
  "KeyY",
  "KeyH",
  "KeyU",
  "KeyJ",
  "KeyK",
  "KeyO",
  "KeyL",
  "KeyP",
  "Semicolon",
] as const;

const SEMITONES: ReadonlyMap<string, number> = new Map(
  NOTE_CODES.map((code, semitone) => [code, semitone]),
);

export function isNoteKey(code: string): boolean {
  return SEMITONES.has(code);
}

const ENGLISH: ReadonlyMap<string, string> = new Map([
  ...NOTE_CODES.map((code): [string, string] => [code, code.replace("Key", "")]),
  ["Semicolon", ";"],
  ["Slash", "/"],
]);

export type KeyLabels = ReadonlyMap<string, string>;

/** What stands on the keys of this computer; as on an English keyboard where it cannot be asked. */
export async function keyLabels(): Promise<KeyLabels> {
  const { keyboard } = navigator as Navigator & {
    keyboard?: { getLayoutMap?: () => Promise<KeyLabels> };
  };
  try {
    const layout = await keyboard?.getLayoutMap?.();
    if (!layout) return ENGLISH;
    return new Map(
      [...ENGLISH].map(([code, name]) => [code, (layout.get(code) ?? name).toUpperCase()]),
    );
  } catch {
    return ENGLISH; // refused in a frame
  }
}

/** A letter that somebody writes into a field is no note. */
export function isWriting(event: Event): boolean {
  const [target] = event.composedPath();
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select"))
  );
}

export class ComputerKeys {
  readonly #input: NoteInput;
  readonly #settings: KeySettings;
  /** The pitch that each held key began, which stays its own when the octave changes. */
  readonly #held = new Map<string, number>();
  readonly #ended = new AbortController();

  constructor(input: NoteInput, settings: KeySettings) {
    this.#input = input;
    this.#settings = settings;
    const { signal } = this.#ended;
    window.addEventListener("keydown", (event) => this.#down(event), { signal });
    window.addEventListener("keyup", (event) => this.#up(event), { signal });
    window.addEventListener("blur", (event) => this.#release(event.timeStamp), { signal });
    document.addEventListener(
      "visibilitychange",
      (event) => {
        if (document.hidden) this.#release(event.timeStamp);
      },
      { signal },
    );
    signal.addEventListener(
      "abort",
      settings.subscribe(() => this.#onSettings()),
    );
  }

  close(): void {
    this.#release(performance.now());
    this.#ended.abort();
  }

  #onSettings(): void {
    if (!this.#settings.isCapturing) this.#release(performance.now());
  }

  #down(event: KeyboardEvent): void {
    if (!this.#settings.isCapturing || event.defaultPrevented || isWriting(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isOurs = this.#note(event) || this.#control(event);
    if (isOurs && event.key !== "Shift") event.preventDefault();
  }

  #note(event: KeyboardEvent): boolean {
    const semitone = SEMITONES.get(event.code);
    if (semitone === undefined) return false;
    if (event.repeat || this.#held.has(event.code)) return true;
    const pitch = this.#settings.firstPitch + semitone;
    this.#held.set(event.code, pitch);
    this.#input.on(pitch, this.#settings.velocity, event.timeStamp, "computer");
    return true;
  }

  #control(event: KeyboardEvent): boolean {
    const settings = this.#settings;
    if (event.key === "Escape") settings.isCapturing = false;
    else if (event.code === "KeyZ") settings.octave -= 1;
    else if (event.code === "KeyX") settings.octave += 1;
    else if (event.code === "KeyC") settings.velocity -= VELOCITY_STEP;
    else if (event.code === "KeyV") settings.velocity += VELOCITY_STEP;
    else if (event.key === "Shift") this.#input.sustain(true, event.timeStamp, "computer");
    else return false;
    return true;
  }

  #up(event: KeyboardEvent): void {
    if (event.key === "Shift") this.#input.sustain(false, event.timeStamp, "computer");
    const pitch = this.#held.get(event.code);
    if (pitch === undefined) return;
    this.#held.delete(event.code);
    this.#input.off(pitch, event.timeStamp, "computer");
  }

  #release(time: number): void {
    this.#held.clear();
    this.#input.release("computer", time);
  }
}
