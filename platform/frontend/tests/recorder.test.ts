import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PlayOptions, TransportState } from "../src/audio/transport.ts";
import { NoteInput } from "../src/keyboard/note-input.ts";
import { CLICKS, INTERVAL, measureLateness } from "../src/recorder/calibration.ts";
import { keepLateness, keptLateness } from "../src/recorder/lateness.ts";
import { type Player, Recorder } from "../src/recorder/recorder.ts";
import { Take } from "../src/recorder/take.ts";
import { StudioDocument } from "../src/song/document.ts";
import { EMPTY_SONG, projectOf } from "../src/song/model.ts";

const TICKS_PER_SECOND = 960;

/** A player whose music is at tick 0 when the stamp is 0, and hears stamps in milliseconds. */
class FakePlayer implements Player {
  state: TransportState = "stopped";
  position = 0;
  lastHeard = 0;
  loop = null;
  isLooping = false;
  asked: PlayOptions[] = [];
  #tell = () => {};

  async play(options: PlayOptions) {
    this.asked.push(options);
    this.state = "playing";
  }
  stop() {
    this.lastHeard = this.position;
    this.position = 0;
    this.state = "stopped";
    this.#tell();
  }
  tickHeardAt(stamp: number) {
    return (stamp / 1000) * TICKS_PER_SECOND;
  }
  subscribe(listener: () => void) {
    this.#tell = listener;
    return () => {};
  }
}

function studio(lateness = 0) {
  const document = new StudioDocument(projectOf(EMPTY_SONG));
  const player = new FakePlayer();
  const input = new NoteInput();
  const recorder = new Recorder(document, player, input, () => lateness);
  const press = (pitch: number, from: number, until: number) => {
    input.on(pitch, 100, from, "midi");
    input.off(pitch, until, "midi");
  };
  const notes = () => document.committed.song.tracks.flatMap((track) => track.notes);
  return { document, player, input, recorder, press, notes };
}

const options = { trackId: null, countInBars: 1 };

test("what was played is what is recorded: pitches exactly, times within a millisecond", async () => {
  const tunes = fc.array(
    fc.record({
      pitch: fc.integer({ min: 0, max: 127 }),
      wait: fc.integer({ min: 1, max: 900 }),
      hold: fc.integer({ min: 5, max: 900 }),
    }),
    { minLength: 1, maxLength: 30 },
  );
  const delays = fc.double({ min: -0.2, max: 0.4, noNaN: true });
  await fc.assert(
    fc.asyncProperty(tunes, delays, async (tune, lateness) => {
      const { recorder, player, press, notes } = studio(lateness);
      let at = 500;
      const sent = tune.map(({ pitch, wait, hold }) => {
        at += wait;
        const note = { pitch, at, until: at + hold };
        at += hold;
        return note;
      });

      await recorder.start(options);
      for (const { pitch, at, until } of sent) {
        press(pitch, at + lateness * 1000, until + lateness * 1000);
      }
      player.position = 1_000_000;
      recorder.stop();

      const got = notes();
      assert.deepEqual(
        got.map((note) => note.pitch),
        sent.map((note) => note.pitch),
      );
      for (const [index, note] of got.entries()) {
        const { at = 0, until = 0 } = sent[index] ?? {};
        assert.ok(Math.abs((note.start / TICKS_PER_SECOND) * 1000 - at) < 1);
        assert.ok(Math.abs((note.duration / TICKS_PER_SECOND) * 1000 - (until - at)) < 1.6);
      }
    }),
  );
});

test("a take is one command with a name, and a retake takes its place in one more", async () => {
  const { recorder, document, press, notes } = studio();
  await recorder.start(options);
  press(60, 0, 400);
  press(62, 500, 900);
  assert.equal(recorder.stop(), 2);
  assert.equal(document.undoName, "Record 2 notes");
  const first = document.committed;

  await recorder.retake();
  press(64, 0, 400);
  recorder.stop();

  assert.equal(document.undoName, "Record 1 note again");
  assert.deepEqual(
    notes().map((note) => note.pitch),
    [64],
  );
  document.undo();
  assert.equal(document.committed, first);
  document.undo();
  assert.equal(document.committed.song, EMPTY_SONG);
});

test("an overdub keeps what the track holds, and what changed meanwhile", async () => {
  const { recorder, document, press, notes } = studio();
  await recorder.start(options);
  press(60, 0, 400);
  recorder.stop();
  const trackId = recorder.lastTrackId;
  assert.equal(trackId, document.committed.song.tracks[0]?.id);

  await recorder.start({ trackId, countInBars: 0 });
  press(64, 0, 400);
  document.run("Mute", (project) => ({ ...project, muted: new Set([trackId ?? 0]) }));
  recorder.stop();

  assert.deepEqual(
    notes().map((note) => note.pitch),
    [60, 64],
  );
  assert.equal(document.committed.muted.size, 1);
});

test("notes are shown while they are recorded, and nothing is kept of a take without notes", async () => {
  const { recorder, document, input } = studio();
  await recorder.start(options);
  input.on(60, 100, 10, "screen");
  assert.equal(document.project.song.tracks[0]?.notes.length, 1);
  recorder.cancel();
  assert.equal(document.project.song, EMPTY_SONG);

  await recorder.start(options);

  assert.equal(recorder.stop(), 0);
  assert.equal(document.undoName, null);
});

test("recording ends by itself after the bars asked for, and cuts what is still held", async () => {
  const { recorder, player, input, notes } = studio();

  await recorder.start({ ...options, bars: 2 });
  input.on(60, 100, 3000, "midi");
  player.position = 3850;
  player.stop();

  assert.deepEqual(player.asked, [{ from: 0, countInBars: 1, until: 3840 }]);
  assert.ok(!recorder.isRecording);
  assert.deepEqual(
    notes().map(({ start, duration }) => [start, duration]),
    [[2880, 960]],
  );
});

test("empty bars before the first note are left out when that is asked for", async () => {
  const { recorder, press, notes } = studio();

  await recorder.start({ ...options, trimsToBar: true });
  press(60, 4500, 4600);
  recorder.stop();

  assert.equal(notes()[0]?.start, 4320 - 3840);
});

test("a note just before the first beat belongs to it, one long before is practice", () => {
  const take = new Take(1920);
  take.on(60, 90, 1500);
  take.off(60, 1600);
  take.on(62, 90, 1880.4);
  take.off(62, 2400.2);

  assert.deepEqual(take.notesAt(4000), [{ pitch: 62, velocity: 90, start: 1920, duration: 480 }]);
});

test("the pedal makes notes last until it is let go, or they are struck again", () => {
  const take = new Take(0);
  take.sustain(true, 0);
  take.on(60, 90, 0);
  take.off(60, 100);
  take.on(60, 90, 480);
  take.off(60, 500);
  take.sustain(false, 960);

  assert.deepEqual(
    take.notesAt(2000).map(({ start, duration }) => [start, duration]),
    [
      [0, 480],
      [480, 480],
    ],
  );
});

test("a note held over the end of a loop ends there", () => {
  const take = new Take(0, { start: 0, end: 1920 });
  take.on(60, 90, 1800);
  take.off(60, 40);

  assert.deepEqual(take.notesAt(0), [{ pitch: 60, velocity: 90, start: 1800, duration: 120 }]);
});

test("a pitch that two sources hold ends with the last, and a lost source lets go of its own", () => {
  const input = new NoteInput();
  const heard: string[] = [];
  input.subscribe((event) => heard.push(event.type));

  input.on(60, 90, 0, "midi");
  input.on(60, 90, 1, "screen");
  input.off(60, 2, "midi");
  assert.deepEqual(heard, ["on", "off", "on"]);
  input.sustain(true, 3, "midi");
  input.release("midi", 4);
  assert.deepEqual([...input.held], [60]);
  input.release("screen", 5);

  assert.deepEqual(heard, ["on", "off", "on", "sustain", "sustain", "off"]);
  assert.deepEqual([...input.held], []);
});

const clicks = Array.from({ length: CLICKS }, (_, index) => 10 + index * INTERVAL);

test("the lateness is found from even taps, whatever one stray tap says", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -0.1, max: 0.5, noNaN: true }),
      fc.array(fc.double({ min: -0.015, max: 0.015, noNaN: true }), { minLength: 8, maxLength: 8 }),
      fc.double({ min: 0, max: 6, noNaN: true }),
      (delay, jitter, stray) => {
        const taps = clicks.slice(1).map((click, index) => click + delay + (jitter[index] ?? 0));

        const found = measureLateness(clicks, [...taps, 10 + stray].sort());

        if (found.isGood) assert.ok(Math.abs(found.lateness - delay) < 0.015 + 1e-9);
        else assert.match(found.sentence, /uneven/);
      },
    ),
  );
});

test("too few or uneven taps are refused with a reason", () => {
  const few = measureLateness(clicks, clicks.slice(0, 3));
  const wild = measureLateness(
    clicks,
    clicks.map((click, index) => click + (index % 2) * 0.3),
  );

  assert.ok(!few.isGood && /Too few/.test(few.sentence));
  assert.ok(!wild.isGood && /uneven/.test(wild.sentence));
});

test("the lateness is kept, and nonsense in the storage is not believed", () => {
  const kept = new Map<string, string>();
  const shelf = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });

  assert.equal(keptLateness(shelf), 0);
  assert.ok(keepLateness(0.183, shelf));
  assert.equal(keptLateness(shelf), 0.183);
  kept.set("counterpoint.lateness", "soon");
  assert.equal(keptLateness(shelf), 0);
  assert.equal(
    keptLateness(() => {
      throw new Error("denied");
    }),
    0,
  );
});
