import assert from "node:assert/strict";
import { test } from "node:test";
import { enoughOf, Listening } from "../src/lib/listening.ts";
import { clockText, positionAt, readClock, secondsAt } from "../src/lib/playhead.ts";

const slowingDown = readClock("0 40;10 140;30 240;");

test("a clock is read as the drawing writes it", () => {
  assert.deepEqual(slowingDown, [
    { seconds: 0, at: 40 },
    { seconds: 10, at: 140 },
    { seconds: 30, at: 240 },
  ]);
  assert.deepEqual(readClock(""), []);
  assert.deepEqual(readClock("x y;1;"), []);
});

test("the playhead keeps the pace of the tempo it is in", () => {
  assert.equal(positionAt(slowingDown, 5), 90);
  assert.equal(positionAt(slowingDown, 20), 190);
});

test("the playhead stays within the drawing", () => {
  assert.equal(positionAt(slowingDown, -1), 40);
  assert.equal(positionAt(slowingDown, 99), 240);
  assert.equal(secondsAt(slowingDown, 0), 0);
  assert.equal(secondsAt(slowingDown, 999), 30);
  assert.equal(positionAt([], 3), 0);
});

test("seeking is the playhead's inverse", () => {
  for (const seconds of [0, 3.3, 10, 17, 30]) {
    assert.ok(Math.abs(secondsAt(slowingDown, positionAt(slowingDown, seconds)) - seconds) < 1e-9);
  }
});

test("times are written as on a clock", () => {
  assert.equal(clockText(65.9), "1:05");
  assert.equal(clockText(0), "0:00");
});

test("half of a piece is enough, and so are 15 seconds", () => {
  assert.equal(enoughOf(20), 10);
  assert.equal(enoughOf(300), 15);
});

test("only what really played was heard", () => {
  const listening = new Listening();

  for (const at of [0, 0.25, 0.5]) listening.advance(at);
  listening.interrupt(); // moved to 20 s
  for (const at of [20, 20.25]) listening.advance(at);
  listening.advance(60); // a jump that nobody told of
  listening.advance(59);

  assert.equal(listening.heard, 0.75);
});
