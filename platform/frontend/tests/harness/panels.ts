/** The panels beside a roll, wired as the Studio wires them; `window.desk` is what tests ask. */
import "../../src/styles/site.css";
import "./panels.css";
import "../../src/roll/cp-edits.ts";
import { ComparePanel, CreatePanel, HandInPanel, VersionsPanel } from "../../src/panels/index.ts";
import type { GenerationRow } from "../../src/panels/rows.ts";
import { CpRoll } from "../../src/roll/cp-roll.ts";
import { Desk } from "../../src/roll/desk.ts";
import { addNotes, addTrack, withSong } from "../../src/song/edits.ts";
import { countNotes, EMPTY_SONG, projectOf } from "../../src/song/model.ts";
import { Drafts } from "../../src/studio/drafts.ts";
import { StudioSession } from "../../src/studio/session.ts";

const query = new URLSearchParams(location.search);
const session = new StudioSession(new Drafts());
const told: { name: string; detail: unknown }[] = [];

function first<T extends HTMLElement>(name: string, type: new () => T): T {
  const found = document.querySelector(name);
  if (!(found instanceof type)) throw new Error(`There is no ${name}.`);
  return found;
}

const roll = first("cp-roll", CpRoll);
const create = first("cp-create", CreatePanel);
const compare = first("cp-compare", ComparePanel);
const versions = first("cp-versions", VersionsPanel);
const handIn = first("cp-hand-in", HandInPanel);

function onGeneration(name: string, then: (row: GenerationRow) => void): void {
  document.addEventListener(name, (event) =>
    then((event as CustomEvent<{ generation: GenerationRow }>).detail.generation),
  );
}

for (const name of [
  "cp-result",
  "cp-listen",
  "cp-overlay",
  "cp-strike",
  "cp-look",
  "cp-compare",
  "cp-kept",
  "cp-close",
  "cp-use",
  "cp-submitted",
]) {
  document.addEventListener(name, (event) => {
    told.push({ name, detail: (event as CustomEvent).detail });
  });
}
onGeneration("cp-compare", (row) => {
  compare.generation = row;
});
onGeneration("cp-use", (row) => create.use(row));
document.addEventListener("cp-overlay", (event) => {
  roll.overlay = (event as CustomEvent).detail;
});

function show(): void {
  const { title, id } = session.piece;
  const notes = countNotes(session.document.committed.song);
  const line = document.querySelector("#piece");
  if (line) line.textContent = `${title}, ${notes} notes${id ? "" : ", not saved yet"}`;
}

session.subscribe(show);
session.document.subscribe(show);
const signedIn = query.has("in");
Object.assign(roll, { document: session.document, desk: new Desk() });
Object.assign(create, { session, signedIn });
Object.assign(compare, { session });
Object.assign(versions, { session });
Object.assign(handIn, { session, signedIn });

const id = query.get("piece");
if (id) {
  await session.open(id);
} else if (!query.has("empty")) {
  const notes = [60, 62, 64, 65].map((pitch, at) => ({
    pitch,
    start: at * 480,
    duration: 480,
    velocity: 80,
  }));
  await session.begin(projectOf(addTrack(EMPTY_SONG, { name: "Melody", notes })), "First light");
}
show();
document.body.dataset.ready = "";

function add(pitch: number): void {
  session.document.run("Add a note", (project) => {
    const [track] = project.song.tracks;
    const note = { pitch, start: 3840, duration: 480, velocity: 80 };
    return track ? withSong(project, addNotes(project.song, track.id, [note])) : project;
  });
}

function lock(bars: readonly number[]): void {
  session.document.run("Lock bars", (project) => ({ ...project, lockedBars: new Set(bars) }));
}

const desk = { session, roll, told, add, lock };
Object.assign(window, { desk });

declare global {
  interface Window {
    desk: typeof desk;
  }
}
