import assert from "node:assert/strict";
import { test } from "node:test";
import { heardAt } from "../src/audio/heard.ts";
import { type Instrument, Transport } from "../src/audio/transport.ts";
import { StudioDocument } from "../src/song/document.ts";
import { addNotes, addTrack, removeNotes, withSong } from "../src/song/edits.ts";
import { EMPTY_SONG, projectOf } from "../src/song/model.ts";

type Heard = [what: string, value: number, time: number];

/** An instrument that writes down what it is told, on a clock that the test moves. */
class Notebook implements Instrument {
  readonly clock = { currentTime: 100 };
  heard: Heard[] = [];
  isLoaded: Promise<void> = Promise.resolve();

  ensure() {
    return this.clock;
  }
  settled() {
    return this.isLoaded;
  }
  noteOn(_part: number, pitch: number, _velocity: number, time: number) {
    this.heard.push(["on", pitch, time]);
  }
  noteOff(_part: number, pitch: number, time: number) {
    this.heard.push(["off", pitch, time]);
  }
  silence(part: number, time: number) {
    this.heard.push(["silence", part, time]);
  }
  click(time: number, isStrong: boolean) {
    this.heard.push(["click", Number(isStrong), time]);
  }
  cancelClicks() {
    this.heard.push(["no clicks", 0, 0]);
  }
}

function studio(starts: readonly number[] = [0, 480, 960, 1440]) {
  const notes = starts.map((start, step) => ({
    start,
    duration: 480,
    pitch: 60 + step,
    velocity: 80,
  }));
  const document = new StudioDocument(projectOf(addTrack(EMPTY_SONG, { notes })));
  const notebook = new Notebook();
  let tick = () => {};
  const ticker = {
    start(call: () => void) {
      tick = call;
    },
    stop() {
      tick = () => {};
    },
  };
  const transport = new Transport(document, notebook, ticker);
  const wait = (seconds: number, step = 0.025) => {
    const until = notebook.clock.currentTime + seconds;
    while (notebook.clock.currentTime < until - 1e-9) {
      notebook.clock.currentTime += step;
      tick();
    }
  };
  const ons = () => notebook.heard.filter(([what]) => what === "on").map(([, pitch]) => pitch);
  return { document, notebook, transport, wait, ons };
}

test("a piece is played once, and the player goes back to where it began", async () => {
  const { transport, wait, ons, notebook } = studio();

  await transport.play();
  wait(3);

  assert.deepEqual(ons(), [60, 61, 62, 63]);
  assert.equal(notebook.heard.filter(([what]) => what === "off").length, 4);
  assert.equal(transport.state, "stopped");
  assert.equal(transport.position, 0);
});

test("instruments are waited for, unless somebody gives up", async () => {
  const { transport, notebook, wait, ons } = studio();
  let loaded = () => {};
  notebook.isLoaded = new Promise((resolve) => {
    loaded = resolve;
  });

  const playing = transport.play();
  assert.equal(transport.state, "waiting");
  transport.stop();
  loaded();
  await playing;
  wait(1);

  assert.equal(transport.state, "stopped");
  assert.deepEqual(ons(), []);
});

test("a pause ends what sounds, silences what was given out ahead, and goes on from there", async () => {
  const { transport, notebook, wait, ons } = studio();
  await transport.play();
  wait(0.5);
  notebook.heard = [];

  transport.pause();

  const now = notebook.clock.currentTime;
  assert.deepEqual(
    notebook.heard.filter(([what]) => what === "off"),
    [["off", 61, now]],
  );
  const [silence] = notebook.heard.filter(([what]) => what === "silence");
  assert.ok(silence && Math.abs(silence[2] - 100.55) < 1e-6);
  assert.ok(Math.abs(transport.position - 432) < 2);
  await transport.play();
  wait(3);
  assert.deepEqual(ons(), [61, 62, 63]);
});

test("notes added ahead are heard, notes taken away are not", async () => {
  const { transport, document, wait, ons } = studio();
  const [track] = document.project.song.tracks;
  assert.ok(track);
  await transport.play();
  wait(0.6);

  document.run("Add", (p) =>
    withSong(
      p,
      addNotes(p.song, track.id, [{ start: 1000, duration: 10, pitch: 90, velocity: 9 }]),
    ),
  );
  const last = new Set([track.notes[3]?.id ?? 0]);
  document.run("Remove", (p) => withSong(p, removeNotes(p.song, last)));
  wait(2);

  assert.deepEqual(ons(), [60, 61, 62, 90]);
});

test("seeking while it plays goes on from the new place", async () => {
  const { transport, wait, ons } = studio();
  await transport.play();
  wait(0.1);

  transport.seek(1440);
  await Promise.resolve();
  await Promise.resolve();
  wait(2);

  assert.deepEqual(ons(), [60, 63]);
});

test("a loop goes round until it is left", async () => {
  const { transport, wait, ons } = studio();
  transport.loop = { start: 0, end: 960 };
  transport.isLooping = true;

  await transport.play();
  wait(2.45);
  transport.isLooping = false;
  wait(3);

  assert.deepEqual(ons(), [60, 61, 60, 61, 60, 61, 62, 63]);
});

test("a count-in is counted before the start of the piece", async () => {
  const { transport, notebook, wait, ons } = studio();

  await transport.play({ countInBars: 1 });
  assert.equal(transport.state, "counting");
  assert.ok(transport.position < -1900);
  wait(2.2);

  assert.equal(transport.state, "playing");
  assert.deepEqual(ons(), [60]);
  const clicks = notebook.heard.filter(([what]) => what === "click");
  assert.deepEqual(
    clicks.map(([, strong]) => strong),
    [1, 0, 0, 0],
  );
});

test("half the speed takes twice the time", async () => {
  const { transport, notebook, wait } = studio();
  transport.speed = 0.5;

  await transport.play();
  wait(5);

  const times = notebook.heard.filter(([what]) => what === "on").map(([, , time]) => time);
  assert.ok(times.every((time, index) => Math.abs(time - 100.05 - index) < 1e-6));
});

test("a page that stood still goes on where it was, without a rush of notes", async () => {
  const { transport, notebook, wait } = studio();
  await transport.play();
  wait(0.2);

  wait(3, 3);
  wait(1.2);

  const times = notebook.heard.filter(([what]) => what === "on").map(([, , time]) => time);
  assert.ok(times.slice(1).every((time) => time > 103.2));
  assert.ok((times[2] ?? 0) - (times[1] ?? 0) > 0.49);
});

test("what is heard lags behind the clock by the output latency", () => {
  const clock = { currentTime: 5, outputLatency: 0.2 };

  assert.ok(Math.abs(heardAt(clock, 990, 1000) - 4.79) < 1e-9);
});

test("the browser's own account of its output is believed, unless it is absurd", () => {
  const at = (contextTime: number, performanceTime: number) => ({
    currentTime: 5,
    outputLatency: 0.2,
    getOutputTimestamp: () => ({ contextTime, performanceTime }),
  });

  assert.ok(Math.abs(heardAt(at(4.9, 995), 990, 1000) - 4.895) < 1e-9);
  assert.ok(Math.abs(heardAt(at(0.1, 995), 990, 1000) - 4.79) < 1e-9);
  assert.ok(Math.abs(heardAt(at(0, 0), 990, 1000) - 4.79) < 1e-9);
});
