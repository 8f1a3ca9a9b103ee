/** All elements on one document, with what browser tests need to look inside. */
import "../../src/styles/site.css";
import "./roll.css";
import { CpRoll } from "../../src/roll/cp-roll.ts";
import { Desk } from "../../src/roll/desk.ts";
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
  "cp-accept",
  "cp-quantize",
]) {
  addEventListener(name, (event) => heard.push({ name, detail: (event as CustomEvent).detail }));
}

const roll = document.querySelector("cp-roll");
if (roll instanceof CpRoll) {
  roll.document = studio;
  roll.desk = desk;
}

Object.assign(window, { studio, desk, roll, heard });
