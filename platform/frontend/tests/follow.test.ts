import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, pauseFor } from "../src/panels/follow.ts";
import { ApiProblem } from "../src/studio/api.ts";
import { FakePorts } from "./fake-ports.ts";

const OFFLINE = new ApiProblem(0, "offline", "The site cannot be reached just now.");
const going = { final: false };
const done = { final: true };

function following(ports: FakePorts) {
  const heard: unknown[] = [];
  const lost: [string, boolean][] = [];
  const end = follow(
    "things/1/",
    { heard: (row) => heard.push(row), lost: (problem, over) => lost.push([problem.code, over]) },
    ports,
  );
  return { heard, lost, end };
}

test("it asks until the row is final, and then never again", async () => {
  const ports = new FakePorts();
  ports.answers = [going, going, done];

  const { heard } = following(ports);
  await ports.pass(60_000);

  assert.deepEqual(heard, [going, going, done]);
  assert.deepEqual(
    ports.asked.map(({ at }) => at),
    [0, 1000, 2000],
  );
  assert.ok(ports.isQuiet);
});

test("it asks more rarely the longer it takes", async () => {
  const ports = new FakePorts();
  ports.answers = [going];

  following(ports);
  await ports.pass(600_000);

  const times = ports.asked.map(({ at }) => at);
  const last = (times.at(-1) ?? 0) - (times.at(-2) ?? 0);
  assert.equal(last, 5000);
  assert.ok(times.length < 180, `${times.length} questions in ten minutes`);
});

test("a hidden page asks rarely, and at once when it is seen again", async () => {
  const ports = new FakePorts();
  ports.answers = [going];
  ports.isVisible = false;

  following(ports);
  await ports.pass(30_000);
  assert.equal(ports.asked.length, 2);
  ports.isVisible = true;
  await ports.wake();

  assert.equal(ports.asked.at(-1)?.at, 30_000);
});

test("failures make it wait longer and longer, and one answer makes up for them", async () => {
  const ports = new FakePorts();
  ports.answers = [OFFLINE, OFFLINE, OFFLINE, going, done];

  const { lost, heard } = following(ports);
  await ports.pass(60_000);

  assert.deepEqual(lost, [
    ["offline", false],
    ["offline", false],
    ["offline", false],
  ]);
  assert.deepEqual(
    ports.asked.map(({ at }) => at),
    [0, 2000, 6000, 14_000, 15_000],
  );
  assert.deepEqual(heard, [going, done]);
});

test("back online it asks at once", async () => {
  const ports = new FakePorts();
  ports.answers = [OFFLINE, OFFLINE, OFFLINE, OFFLINE, OFFLINE, done];
  const { heard } = following(ports);
  await ports.pass(40_000);
  assert.deepEqual(heard, []);

  await ports.wake();

  assert.deepEqual(heard, [done]);
});

test("a row that is gone ends it", async () => {
  const ports = new FakePorts();
  ports.answers = [new ApiProblem(404, "not_found", "There is nothing at this address.")];

  const { lost } = following(ports);
  await ports.pass(600_000);

  assert.deepEqual(lost, [["not_found", true]]);
  assert.ok(ports.isQuiet);
});

test("what is told to wait waits at least as long as it was told", async () => {
  const ports = new FakePorts();
  const busy = new ApiProblem(429, "throttled", "Too many requests.", { retry_after: 45 });
  ports.answers = [busy, done];

  following(ports);
  await ports.pass(60_000);

  assert.deepEqual(
    ports.asked.map(({ at }) => at),
    [0, 45_000],
  );
});

test("an ended follower hears nothing of an answer on its way", async () => {
  const ports = new FakePorts();
  ports.answers = [done];

  const { heard, end } = following(ports);
  end();
  await ports.pass(60_000);

  assert.deepEqual(heard, []);
  assert.ok(ports.isQuiet);
});

test("no pause is longer than a minute", () => {
  const moment = { visible: true, failures: 40, since: 1e9, asked: 0 };

  assert.equal(pauseFor(moment), 60_000);
});
