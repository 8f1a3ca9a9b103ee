/** All elements on one document, with what browser tests need to look inside. */
import "../../src/styles/site.css";
import "./roll.css";
import { CpEdits } from "../../src/roll/cp-edits.ts";
import "../../src/roll/cp-notes.ts";
import { CpRoll } from "../../src/roll/cp-roll.ts";
import "../../src/roll/cp-roll-tools.ts";
import "../../src/roll/cp-tracks.ts";
import { Desk } from "../../src/roll/desk.ts";
import { DeskElement } from "../../src/roll/desk-element.ts";
import type { EditEvent } from "../../src/song/changes.ts";
import { StudioDocument } from "../../src/song/document.ts";
import { addTrack } from "../../src/song/edits.ts";
import { EMPTY_SONG, type NewNote, projectOf, type Song } from "../../src/song/model.ts";

const MELODY = [60, 60, 67, 67, 69, 69, 67, 65, 65, 64, 64, 62, 62, 60];

function melody(): NewNote[] {
  return MELODY.map((pitch, index) => ({
    pitch,
    start: (index + Math.floor(index / 7)) * 480,
    duration: index % 7 === 6 ? 960 : 480,
    velocity: 60 + ((index * 13) % 60),
  }));
}

function bass(): NewNote[] {
  return [48, 48, 53, 48, 53, 48, 55, 48].map((pitch, index) => ({
    pitch,
    start: index * 960,
    duration: 960,
    velocity: 80,
  }));
}

function song(): Song {
  const first = addTrack(EMPTY_SONG, { name: "Melody", program: 0, notes: melody() });
  return addTrack(first, { name: "Bass", program: 32, notes: bass() });
}

const studio = new StudioDocument(projectOf(song()));
const desk = new Desk();
const heard: { name: string; detail: unknown }[] = [];

for (const name of [
  "cp-audition",
  "cp-seek",
  "cp-loop",
  "cp-leave",
  "cp-step",
  "cp-hear",
  "cp-choose",
  "cp-accept",
  "cp-quantize",
]) {
  addEventListener(name, (event) => heard.push({ name, detail: (event as CustomEvent).detail }));
}

const EVENTS: EditEvent[] = [
  {
    kind: "remove",
    track: 0,
    before: { start: 480, pitch: 60, duration: 480, velocity: 73 },
    after: null,
    log_odds: 1.8,
    iteration: 1,
  },
  {
    kind: "add",
    track: 0,
    before: null,
    after: { start: 480, pitch: 64, duration: 480, velocity: 73 },
    log_odds: 3.2,
    iteration: 2,
  },
  {
    kind: "move",
    track: 0,
    before: { start: 480, pitch: 64, duration: 480, velocity: 73 },
    after: { start: 480, pitch: 66, duration: 240, velocity: 73 },
    log_odds: 0.4,
    iteration: 3,
  },
];

const roll = document.querySelector("cp-roll");
const notes = document.querySelector("cp-notes");
const tracks = document.querySelector("cp-tracks");
const tools = document.querySelector("cp-roll-tools");
const edits = document.querySelector("cp-edits");
for (const element of [roll, notes, tracks, tools]) {
  if (element instanceof DeskElement) Object.assign(element, { document: studio, desk });
}
if (edits instanceof CpEdits) Object.assign(edits, { events: EVENTS, base: studio.committed });

/** Many notes over four tracks, one of each every `step` ticks. */
function fill(count: number, step = 120): void {
  const part = (index: number): NewNote[] =>
    Array.from({ length: Math.ceil(count / 4) }, (_, i) => ({
      start: i * step,
      duration: step - 4,
      pitch: 40 + index * 12 + ((i * 7) % 24),
      velocity: 40 + ((i * 11) % 80),
    }));
  let filled = EMPTY_SONG;
  for (let index = 0; index < 4; index++) filled = addTrack(filled, { notes: part(index) });
  studio.replace(projectOf(filled));
}

/** A track of drums in place of the music. */
function drums(notes: readonly NewNote[]): void {
  const song = addTrack(EMPTY_SONG, { name: "Drums", isDrum: true, notes });
  studio.run("Drums", () => projectOf(song));
}

/** A long list of edits, each of which changes the one before. */
function manyEdits(count: number): void {
  const note = (pitch: number) => ({ start: 480, pitch, duration: 480, velocity: 73 });
  const events = Array.from({ length: count }, (_, index): EditEvent => {
    const [before, after] = [note(60 + (index % 12)), note(60 + ((index + 1) % 12))];
    return { kind: "move", track: 0, before, after, log_odds: index % 7, iteration: index + 1 };
  });
  if (edits instanceof CpEdits) edits.events = events;
}

/** Milliseconds of each of some redraws, until the pixels are there. */
function redraws(runs: number): number[] {
  const canvas = roll?.shadowRoot?.querySelector("canvas");
  if (!(roll instanceof CpRoll) || !canvas) return [];
  return Array.from({ length: runs }, () => {
    const began = performance.now();
    roll.redraw();
    canvas.getContext("2d")?.getImageData(0, 0, 1, 1);
    return performance.now() - began;
  });
}

/** Milliseconds between the frames of a roll that scrolls. */
async function frames(count: number): Promise<number[]> {
  const times: number[] = [];
  for (let frame = 0; frame <= count; frame++) {
    if (roll instanceof CpRoll) roll.look({ ...roll.view, left: 20 * frame });
    times.push(await new Promise<number>((done) => requestAnimationFrame(done)));
  }
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

Object.assign(window, {
  studio,
  desk,
  roll,
  notes,
  tracks,
  tools,
  edits,
  heard,
  fill,
  drums,
  manyEdits,
  redraws,
  frames,
});
