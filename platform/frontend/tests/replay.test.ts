import assert from "node:assert/strict";
import { test } from "node:test";
import { Replay } from "../src/roll/replay.ts";

/** A clock that goes by hand. */
function clock() {
  let time = 0;
  let next = 1;
  const waiting = new Map<number, { at: number; run: () => void }>();
  return {
    now: () => time,
    after: (run: () => void, ms: number) => {
      waiting.set(next, { at: time + ms, run });
      return next++;
    },
    cancel: (timer: number) => void waiting.delete(timer),
    pass(ms: number) {
      const until = time + ms;
      for (;;) {
        const due = [...waiting].sort((a, b) => a[1].at - b[1].at)[0];
        if (!due || due[1].at > until) break;
        waiting.delete(due[0]);
        time = due[1].at;
        due[1].run();
      }
      time = until;
    },
  };
}

function replaying(count: number, isCalm = false) {
  const timers = clock();
  const log = { heard: [] as number[], shown: [] as number[], step: count };
  const replay = new Replay(
    {
      step: () => log.step,
      count: () => count,
      hear: (index) => log.heard.push(index),
      show: (step) => {
        log.step = step;
        log.shown.push(step);
      },
      changed: () => undefined,
      isCalm: () => isCalm,
    },
    timers,
  );
  return { replay, timers, log };
}

test("every edit comes in the model's order, at the chosen speed, and then it is over", () => {
  const { replay, timers, log } = replaying(5);
  replay.speed = 2;

  replay.play();
  assert.deepEqual([log.heard, log.shown], [[0], [1]]);
  timers.pass(1000);
  assert.deepEqual(log.heard, [0, 1, 2]);
  timers.pass(10_000);

  assert.deepEqual(log.shown, [1, 2, 3, 4, 5]);
  assert.equal(replay.isRunning, false);
});

test("a replay goes on where it was paused, and from another place when it is moved", () => {
  const { replay, timers, log } = replaying(40);
  replay.play();
  timers.pass(500);
  replay.toggle();
  timers.pass(5000);
  assert.deepEqual(log.heard, [0, 1, 2]);

  replay.toggle();
  assert.deepEqual(log.heard, [0, 1, 2, 3]);
  replay.moveTo(30);
  timers.pass(250);

  assert.deepEqual(log.heard, [0, 1, 2, 3, 30]);
});

test("with reduced motion all is heard, and shown once a second and at the end", () => {
  const { replay, timers, log } = replaying(20, true);
  replay.speed = 8;

  replay.play();
  timers.pass(1999);
  assert.deepEqual(log.shown, [1, 9]);
  replay.pause();

  assert.equal(log.heard.length, 16);
  assert.equal(log.step, 16);
  replay.play();
  timers.pass(5000);
  assert.deepEqual([log.heard.length, log.step], [20, 20]);
});
