import assert from "node:assert/strict";
import { test } from "node:test";
import { type AskFor, Generations } from "../src/panels/generations.ts";
import type { GenerationRow } from "../src/panels/rows.ts";
import { ApiProblem, type Ask } from "../src/studio/api.ts";
import { FakePorts } from "./fake-ports.ts";
import { generation, result } from "./panel-rows.ts";

const WISH = { technique: "edit", parameters: {}, seed: null, model: null } as const;
const PIECE = { id: "tune", version: 1 };
const OFFLINE = new ApiProblem(0, "offline", "The site cannot be reached just now.");

function made(answer: (path: string, how: Ask) => unknown) {
  const ports = new FakePorts();
  ports.answers = [generation("1", { state: "running" })];
  const arrived: string[] = [];
  const keys: (string | undefined)[] = [];
  const ask: AskFor = async <T>(path: string, how: Ask = {}) => {
    keys.push(how.headers?.["Idempotency-Key"]);
    const data = answer(path, how);
    if (data instanceof ApiProblem) throw data;
    return { data: data as T };
  };
  const list = new Generations(
    () => undefined,
    (row) => arrived.push(row.id),
    ask,
    ports,
  );
  return { list, ports, arrived, keys };
}

const ids = (list: Generations, piece: string | null) =>
  list.entriesFor(piece).map(({ row }) => row.id);

test("a result arrives once, and nothing is asked about it any more", async () => {
  const { list, ports, arrived } = made(() => generation("1"));
  const done = generation("1", { state: "succeeded", result: result("made") });
  ports.answers = [generation("1", { state: "running" }), done];

  await list.request(PIECE, WISH);
  await ports.pass(60_000);

  assert.deepEqual(arrived, ["1"]);
  assert.equal(list.entriesFor("tune")[0]?.row.state, "succeeded");
  assert.ok(ports.isQuiet);
});

test("several are followed at once, the newest first", async () => {
  let next = 0;
  const { list, ports } = made(() => generation(String(++next)));

  await list.request(PIECE, WISH);
  await list.request(PIECE, WISH);
  await ports.pass(0);

  assert.deepEqual(ids(list, "tune"), ["2", "1"]);
  assert.deepEqual(
    ports.asked.map(({ url }) => url),
    ["generations/1/", "generations/2/"],
  );
});

test("a wish whose answer was lost is sent again under the same key, another one is not", async () => {
  const answers: unknown[] = [OFFLINE, generation("1"), generation("2"), generation("3")];
  const { list, keys } = made(() => answers.shift());

  await assert.rejects(list.request(PIECE, WISH), OFFLINE);
  await list.request(PIECE, WISH);
  await list.request(PIECE, WISH);
  await list.request(PIECE, { ...WISH, seed: 4 });

  assert.equal(keys[0], keys[1]);
  assert.equal(new Set(keys).size, 3);
});

test("a refused wish is asked anew the next time", async () => {
  const refusal = new ApiProblem(409, "too_many_generations", "3 are under way.");
  const answers: unknown[] = [refusal, generation("1")];
  const { list, keys } = made(() => answers.shift());

  await assert.rejects(list.request(PIECE, WISH), refusal);
  await list.request(PIECE, WISH);

  assert.notEqual(keys[0], keys[1]);
});

test("after a reload, what runs and the last that ended are found again", async () => {
  const rows: GenerationRow[] = [
    generation("7", { state: "running" }),
    ...["6", "5", "4", "3"].map((id) => generation(id, { state: "succeeded" })),
    generation("2"),
  ];
  const { list, ports, arrived } = made(() => ({ results: rows, next: null }));
  ports.answers = [generation("7", { state: "running" })];

  await list.load("tune");
  await ports.pass(0);

  assert.deepEqual(ids(list, "tune"), ["7", "6", "5", "4", "2"]);
  assert.deepEqual(arrived, []);
  assert.equal(ports.asked.length, 2);
});

test("another piece shows what runs, and what led to it", async () => {
  const rows = [
    generation("3", { state: "running" }),
    generation("2", { state: "succeeded", result: result("made") }),
    generation("1", { state: "succeeded", result: result("other") }),
  ];
  const { list, ports } = made(() => ({ results: rows, next: null }));
  ports.answers = [rows[0]];

  await list.load("tune");

  assert.deepEqual(ids(list, "made"), ["3", "2"]);
});

test("without a connection the card says so, until there is one again", async () => {
  const { list, ports } = made(() => generation("1"));
  ports.answers = [OFFLINE, generation("1", { state: "running" })];

  await list.request(PIECE, WISH);
  await ports.pass(0);
  assert.equal(list.entriesFor("tune")[0]?.problem, OFFLINE);
  await ports.wake();

  assert.equal(list.entriesFor("tune")[0]?.problem, null);
});

test("cancelling one that ended meanwhile is no problem", async () => {
  const late = new ApiProblem(409, "job_over", "It has ended.");
  const { list, ports } = made((_, how) => (how.method === "DELETE" ? late : generation("1")));
  ports.answers = [generation("1", { state: "succeeded", result: result("made") })];
  await list.request(PIECE, WISH);

  await list.cancel("1");
  await ports.pass(0);

  assert.equal(list.entriesFor("tune")[0]?.row.state, "succeeded");
});

test("what is put away stays away; a stopped list asks nothing until it goes on", async () => {
  const { list, ports } = made(() => generation("1"));
  ports.answers = [generation("1", { state: "running" })];
  await list.request(PIECE, WISH);
  await ports.pass(0);

  list.stop();
  await ports.pass(60_000);
  const before = ports.asked.length;
  list.resume();
  await ports.pass(0);
  list.hide("1");

  assert.equal(ports.asked.length, before + 1);
  assert.deepEqual(ids(list, "tune"), []);
});
