/** The roll's keys: what each does, and how the help lists them. */
import { t } from "../lib/i18n.ts";

export type Action =
  | "left"
  | "right"
  | "up"
  | "down"
  | "barLeft"
  | "barRight"
  | "octaveUp"
  | "octaveDown"
  | "start"
  | "end"
  | "moveLeft"
  | "moveRight"
  | "moveUp"
  | "moveDown"
  | "moveBarLeft"
  | "moveBarRight"
  | "moveOctaveUp"
  | "moveOctaveDown"
  | "toggle"
  | "remove"
  | "split"
  | "join"
  | "shorter"
  | "longer"
  | "softer"
  | "louder"
  | "softerByOne"
  | "louderByOne"
  | "next"
  | "previous"
  | "extendNext"
  | "extendPrevious"
  | "choose"
  | "box"
  | "chooseAll"
  | "chooseNone"
  | "copy"
  | "cut"
  | "paste"
  | "duplicate"
  | "undo"
  | "redo"
  | "lock"
  | "lockBar"
  | "loopStart"
  | "loopEnd"
  | "seek"
  | "zoomIn"
  | "zoomOut"
  | "leave";

interface Row {
  readonly keys: string;
  readonly does: () => string;
  readonly map: Readonly<Record<string, Action>>;
}

/** "Mod" is Ctrl, or ⌘ on a Mac. */
export const KEYS: readonly Row[] = [
  {
    keys: "Arrows",
    does: () => t("one grid step, one semitone; with Shift a bar, an octave"),
    map: {
      ArrowLeft: "left",
      ArrowRight: "right",
      ArrowUp: "up",
      ArrowDown: "down",
      "Shift+ArrowLeft": "barLeft",
      "Shift+ArrowRight": "barRight",
      "Shift+ArrowUp": "octaveUp",
      "Shift+ArrowDown": "octaveDown",
    },
  },
  {
    keys: "Home, End",
    does: () => t("start, end of the piece"),
    map: { Home: "start", End: "end" },
  },
  {
    keys: "n, p",
    does: () => t("next, previous note; with Shift keep the selection"),
    map: { n: "next", p: "previous", "Shift+n": "extendNext", "Shift+p": "extendPrevious" },
  },
  { keys: "Enter", does: () => t("add or remove a note"), map: { Enter: "toggle" } },
  {
    keys: "Delete",
    does: () => t("remove the selection, or the note here"),
    map: { Delete: "remove", Backspace: "remove" },
  },
  {
    keys: "[ ]",
    does: () => t("shorter, longer; also - and +"),
    map: { "[": "shorter", "]": "longer", "-": "shorter", "+": "longer", "=": "longer" },
  },
  {
    keys: "s, j",
    does: () => t("split the selection here; join notes of one pitch"),
    map: { s: "split", j: "join" },
  },
  {
    keys: ", .",
    does: () => t("softer, louder; < and > by one"),
    map: { ",": "softer", ".": "louder", "<": "softerByOne", ">": "louderByOne" },
  },
  {
    keys: "Alt+arrows",
    does: () => t("move the selection; with Shift by a bar, an octave"),
    map: {
      "Alt+ArrowLeft": "moveLeft",
      "Alt+ArrowRight": "moveRight",
      "Alt+ArrowUp": "moveUp",
      "Alt+ArrowDown": "moveDown",
      "Alt+Shift+ArrowLeft": "moveBarLeft",
      "Alt+Shift+ArrowRight": "moveBarRight",
      "Alt+Shift+ArrowUp": "moveOctaveUp",
      "Alt+Shift+ArrowDown": "moveOctaveDown",
    },
  },
  {
    keys: "x, b",
    does: () => t("select the note here; begin a box, end it"),
    map: { x: "choose", b: "box" },
  },
  {
    keys: "Mod+A",
    does: () => t("select the track, again: all tracks; with Shift nothing"),
    map: { "Mod+a": "chooseAll", "Mod+Shift+a": "chooseNone" },
  },
  {
    keys: "Mod+C X V D",
    does: () => t("copy, cut, paste here, duplicate"),
    map: { "Mod+c": "copy", "Mod+x": "cut", "Mod+v": "paste", "Mod+d": "duplicate" },
  },
  {
    keys: "Mod+Z",
    does: () => t("undo; with Shift redo"),
    map: { "Mod+z": "undo", "Mod+Shift+z": "redo", "Mod+y": "redo" },
  },
  {
    keys: "l",
    does: () => t("lock or unlock the selection, or the note here; with Shift this bar"),
    map: { l: "lock", "Shift+l": "lockBar" },
  },
  { keys: "i, o", does: () => t("loop from here, to here"), map: { i: "loopStart", o: "loopEnd" } },
  { keys: "g", does: () => t("playhead to here"), map: { g: "seek" } },
  {
    keys: "Mod++ −",
    does: () => t("zoom in, out"),
    map: { "Mod++": "zoomIn", "Mod+=": "zoomIn", "Mod+-": "zoomOut" },
  },
  {
    keys: "Escape",
    does: () => t("end a drag or a box; leave the roll"),
    map: { Escape: "leave" },
  },
];

const ACTIONS: ReadonlyMap<string, Action> = new Map(
  KEYS.flatMap((row) => Object.entries(row.map)),
);

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  getModifierState(name: string): boolean;
}

/** What a key press does in the roll; null for what is left to the browser and the page. */
export function actionOf(event: KeyPress): Action | null {
  return ACTIONS.get(keyName(event)) ?? null;
}

function keyName(event: KeyPress): string {
  // AltGr writes brackets on many keyboards, and looks like Ctrl+Alt.
  const typed = event.getModifierState("AltGraph");
  const letter = event.key.length === 1;
  const key = letter ? event.key.toLowerCase() : event.key;
  const shifted = event.shiftKey && (!letter || /[a-z]/.test(key));
  const parts = [
    !typed && (event.ctrlKey || event.metaKey) ? "Mod" : "",
    !typed && event.altKey ? "Alt" : "",
    shifted ? "Shift" : "",
    key,
  ];
  return parts.filter(Boolean).join("+");
}
