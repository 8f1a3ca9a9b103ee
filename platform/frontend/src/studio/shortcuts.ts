/** The Studio's keyboard shortcuts: one table for the help and for what happens. */

import { isNoteKey, isWriting } from "../keyboard/computer-keys.ts";
import { msg } from "../lib/i18n.ts";

export type Command =
  | "play"
  | "record"
  | "metronome"
  | "loop"
  | "quantize"
  | "undo"
  | "redo"
  | "help";

export interface Shortcut {
  readonly command: Command;
  /** Where the key lies (`event.code`). */
  readonly code: string;
  /** With Control, or Command on a Mac. */
  readonly isWithControl?: boolean;
  readonly isWithShift?: boolean;
  /** What it does, for the help. */
  readonly says: string;
}

/**
 * A single key works only while the computer's keys are captured, which a button switches on and
 * Escape off, or while the focus is in the part that it belongs to (WCAG 2.1.4). L is a note while
 * keys are captured; the slash stands in for it.
 */
export const SHORTCUTS: readonly Shortcut[] = [
  { command: "play", code: "Space", says: msg("Play or pause") },
  { command: "record", code: "KeyR", says: msg("Record, or end the recording") },
  { command: "metronome", code: "KeyM", says: msg("Metronome on or off") },
  { command: "loop", code: "Slash", says: msg("Repeat the loop, or not") },
  { command: "loop", code: "KeyL", says: msg("The same, while keys do not play notes") },
  { command: "quantize", code: "KeyQ", says: msg("Quantize") },
  { command: "help", code: "Slash", isWithShift: true, says: msg("Show the keys") },
  { command: "undo", code: "KeyZ", isWithControl: true, says: msg("Undo") },
  { command: "redo", code: "KeyZ", isWithControl: true, isWithShift: true, says: msg("Redo") },
];

/** What keys do beside shortcuts while they are captured, for the help. */
export const PLAYING_KEYS: readonly { readonly codes: readonly string[]; readonly says: string }[] =
  [
    {
      codes: ["KeyA", "KeyS", "KeyD", "KeyF", "KeyG", "KeyH", "KeyJ", "KeyK"],
      says: msg("C to C"),
    },
    { codes: ["KeyW", "KeyE", "KeyT", "KeyY", "KeyU"], says: msg("The black keys between them") },
    { codes: ["KeyZ", "KeyX"], says: msg("An octave lower, higher") },
    { codes: ["KeyC", "KeyV"], says: msg("Softer, louder") },
    { codes: ["ShiftLeft"], says: msg("Hold notes (sustain)") },
    { codes: ["Escape"], says: msg("Stop playing notes with the keys") },
  ];

export interface Listening {
  /** Whether the computer's keys are captured: a KeySettings. */
  readonly settings: { readonly isCapturing: boolean };
  /** The parts of the page in which single keys work without capture. */
  readonly scopes: readonly Element[];
  readonly run: Partial<Record<Command, () => void>>;
}

/** Run commands on key presses; the answer ends that. */
export function listenForShortcuts({ settings, scopes, run }: Listening): () => void {
  const ended = new AbortController();
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat || event.altKey || isWriting(event)) return;
    const found = SHORTCUTS.find((shortcut) => isPressed(shortcut, event));
    const handler = found && run[found.command];
    if (!found || !handler) return;
    if (settings.isCapturing && !found.isWithControl && isNoteKey(event.code)) return;
    const isHere = scopes.some((scope) => event.composedPath().includes(scope));
    if (!found.isWithControl && !settings.isCapturing && !isHere) return;
    if (found.code === "Space" && isOnButton(event)) return;
    event.preventDefault();
    handler();
  };
  window.addEventListener("keydown", onKey, { signal: ended.signal });
  return () => ended.abort();
}

function isPressed(shortcut: Shortcut, event: KeyboardEvent): boolean {
  return (
    event.code === shortcut.code &&
    (event.ctrlKey || event.metaKey) === (shortcut.isWithControl ?? false) &&
    event.shiftKey === (shortcut.isWithShift ?? false)
  );
}

/** Space presses what has the focus, if that can be pressed. */
function isOnButton(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof Element && target.matches("button, a, summary, input, [role='button']");
}
