import assert from "node:assert/strict";
import { test } from "node:test";
import { Checks } from "../src/panels/checks.ts";
import { allowedLicences } from "../src/panels/licences.ts";
import { treeOf } from "../src/panels/lineage.ts";
import { groupsOf } from "../src/panels/model-field.ts";
import { Review, takeName } from "../src/panels/review.ts";
import type { ModelRow, RoundRow } from "../src/panels/rows.ts";
import { quotaInWords, resetInWords, takesPieces } from "../src/panels/rules.ts";
import { partLines } from "../src/panels/score.ts";
import { tabAfter } from "../src/panels/tabs.ts";
import { applyEvents, type EditEvent } from "../src/song/changes.ts";
import { addTrack } from "../src/song/edits.ts";
import { EMPTY_SONG } from "../src/song/model.ts";
import { ApiProblem } from "../src/studio/api.ts";
import { FakePorts } from "./fake-ports.ts";
import { generation, result } from "./panel-rows.ts";

const note = (start: number, pitch: number) => ({ start, pitch, duration: 480, velocity: 80 });
const event = (
  kind: EditEvent["kind"],
  before: number | null,
  after: number | null,
): EditEvent => ({
  kind,
  track: 0,
  before: before === null ? null : note(0, before),
  after: after === null ? null : note(0, after),
  log_odds: 1,
  iteration: 1,
});
const INPUT = addTrack(EMPTY_SONG, { notes: [note(0, 60), note(480, 62)] });
const EVENTS = [event("remove", 60, null), event("add", null, 64), event("move", 64, 65)];

function review(events = EVENTS): Review {
  const { song } = applyEvents(INPUT, events, new Set(events.keys()));
  return new Review({ row: generation("1"), input: INPUT, result: song, events });
}

const pitches = (song: typeof INPUT) => song.tracks[0]?.notes.map(({ pitch }) => pitch);

test("a review begins with the whole result, and keeps that", () => {
  const start = review();

  assert.equal(start.side, "result");
  assert.equal(start.heard, start.comparison.result);
  assert.equal(start.taken, null);
});

test("the slider replays in the model's order; what is kept does not depend on it", () => {
  const first = review().with({ step: 1 });

  assert.deepEqual(pitches(first.shown.song), [62]);
  assert.deepEqual(
    first.marks.removed.map(({ pitch }) => pitch),
    [60],
  );
  assert.deepEqual(first.marks.added, []);
  assert.equal(first.taken, null);
});

test("rejected edits, and those that stand on them, are not taken", () => {
  const { taken } = review().with({ accepted: new Set([0, 2]) });

  assert.equal(taken?.count, 1);
  assert.deepEqual(taken && pitches(taken.song), [62]);
  assert.equal(takeName(taken?.count ?? 0, 3), "Take 1 of 3 edits");
});

test("the input is heard as it was", () => {
  assert.equal(review().with({ side: "input" }).heard, INPUT);
});

test("without its input, a result is heard alone and unmarked", () => {
  const { comparison } = review();
  const alone = new Review({ ...comparison, input: null }, "input");

  assert.equal(alone.heard, comparison.result);
  assert.deepEqual(alone.marks, { added: [], removed: [] });
  assert.ok(!alone.hasEvents);
});

test("the tree leads from the first piece through its generations to the open one", () => {
  const band = generation("1", { state: "succeeded", result: result("band") });
  const failed = generation("2", { state: "failed" });
  const gone = generation("3", { state: "succeeded", result: result(null) });
  const edit = generation("4", { input: "band", state: "running" });
  const tree = treeOf({
    line: ["tune", "band"],
    titles: new Map([
      ["tune", "A tune"],
      ["band", "A tune with a band"],
    ]),
    runs: new Map([
      ["tune", [gone, failed, band]],
      ["band", [edit]],
    ]),
  });

  assert.equal(tree?.title, "A tune");
  assert.deepEqual(
    tree?.runs.map(({ row }) => row.id),
    ["1", "3"],
  );
  const band_ = tree?.runs[0]?.result;
  assert.ok(band_?.isOpen);
  assert.deepEqual(
    band_?.runs.map(({ row, result }) => [row.id, result]),
    [["4", null]],
  );
});

test("points of parts add up to the total, also where a rule weighs them against each other", () => {
  const parts = {
    fit: { value: 100, weight: 0.2, reasons: [] },
    music: { value: 50, weight: 0.8, reasons: ["Short."] },
  };

  const lines = partLines(parts, 30);

  assert.deepEqual(
    lines.map(({ name, color }) => [name, color]),
    [
      ["music", 1],
      ["fit", 3],
    ],
  );
  assert.equal(lines[0]?.points, 20);
  assert.equal(lines[1]?.x, 20);
  assert.deepEqual(
    partLines({ music: { value: 0, weight: 1, reasons: [] } }, 0).map(({ points }) => points),
    [0],
  );
});

test("quotas are said for a person, for nobody, and without a limit", () => {
  const quota = { limit: 5, period: "round", used: 2, left: 3, resets_at: null };

  assert.equal(quotaInWords(quota), "You can hand in 3 more pieces (2 of 5 used).");
  assert.equal(quotaInWords({ ...quota, left: 0 }), "You have used all 5 submissions.");
  assert.equal(
    quotaInWords({ ...quota, used: null, left: null }),
    "Everybody may hand in 5 pieces.",
  );
  assert.equal(quotaInWords({ ...quota, limit: 0 }), "You may hand in as many pieces as you like.");
});

test("a quota says when it is given back, or that it is not", () => {
  const now = Date.parse("2026-11-14T12:00:00Z");
  const quota = { limit: 5, period: "week", used: 2, left: 3, resets_at: "2026-11-16T00:00:00Z" };
  const round = { quota, closes_at: "2026-11-30T18:00:00Z" } as RoundRow;
  const said = (part: Partial<RoundRow["quota"]>, closes = round.closes_at) =>
    resetInWords({ ...round, closes_at: closes, quota: { ...quota, ...part } }, now);

  assert.match(said({}), /^5 new ones in 1 day 12 h \(.*16.*\)\.$/);
  assert.match(said({ limit: 1 }), /^1 new one in /);
  assert.equal(said({ resets_at: null }), "That is for the whole round.");
  assert.equal(said({}, "2026-11-15T18:00:00Z"), "That is for the whole round.");
  assert.equal(said({ limit: 0, resets_at: null }), "");
});

test("open and frozen rounds take pieces, unless they are paused", () => {
  const round = { slug: "", title: "", phase: "open", paused: false, zone: "", closes_at: "" };

  assert.ok(takesPieces(round) && takesPieces({ ...round, phase: "frozen" }));
  assert.ok(!takesPieces({ ...round, paused: true }));
  assert.ok(!takesPieces({ ...round, phase: "closed" }));
});

test("sources narrow the licences as the site does", () => {
  const from = (...licences: string[]) =>
    allowedLicences(licences.map((licence) => ({ title: "", author: "", licence }))).map(
      ([name]) => name,
    );

  assert.equal(from().length, 4);
  assert.deepEqual(from("cc0-1.0")[0], "cc-by-4.0");
  assert.deepEqual(from("cc-by-4.0"), ["cc-by-4.0", "cc-by-sa-4.0", "all-rights-reserved"]);
  assert.deepEqual(from("cc-by-4.0", "cc-by-sa-4.0"), ["cc-by-sa-4.0"]);
});

function checking(answer: () => unknown) {
  const ports = new FakePorts();
  const asked: number[] = [];
  const ask = async <T>() => {
    asked.push(ports.time);
    const data = answer();
    if (data instanceof ApiProblem) throw data;
    return { data: data as T };
  };
  return { checks: new Checks(() => undefined, ask, ports), ports, asked };
}

const KEPT = { round: "canon", kept: true, refused: false, checks: [] };

test("rules are checked when the music stands still, and not twice for one version", async () => {
  const { checks, ports, asked } = checking(() => KEPT);

  checks.see("canon", { id: "tune", version: 1 });
  await ports.pass(1000);
  for (const version of [2, 3, 4]) checks.see("canon", { id: "tune", version });
  await ports.pass(5000);
  checks.see("canon", { id: "tune", version: 4 });
  await ports.pass(5000);

  assert.deepEqual(asked, [0, 1600]);
  assert.deepEqual(checks.row, KEPT);
});

test("a check that may pass later is repeated in its own time, a refused one is not", async () => {
  const away = checking(() => new ApiProblem(503, "away", "The site is busy."));
  const refused = checking(() => new ApiProblem(403, "not_authenticated", "Sign in."));

  for (const { checks, ports } of [away, refused]) {
    checks.see("canon", { id: "tune", version: 1 });
    await ports.pass(0);
    checks.see("canon", { id: "tune", version: 1 });
    await ports.pass(30_000);
  }

  assert.deepEqual(away.asked, [0, 20_000]);
  assert.deepEqual(refused.asked, [0]);
  assert.equal(refused.checks.trouble, "Sign in.");
});

test("arrow keys go round the tabs", () => {
  assert.equal(tabAfter("ArrowRight", 2, 3), 0);
  assert.equal(tabAfter("ArrowLeft", 0, 3), 2);
  assert.equal(tabAfter("End", 0, 3), 2);
  assert.equal(tabAfter("a", 0, 3), null);
});

test("models are offered by whose they are", () => {
  const model = (name: string, own: boolean, mine: boolean): ModelRow => ({
    name,
    title: name,
    technique: "edit",
    own,
    mine,
    fixed: {},
    available: true,
    detail: null,
  });

  const groups = groupsOf([
    model("site", false, false),
    model("ada", true, false),
    model("me", true, true),
  ]);

  assert.deepEqual(
    groups.map(([label, members]) => [label, members.map(({ name }) => name)]),
    [
      ["Trained by you", ["me"]],
      ["Shared by others", ["ada"]],
    ],
  );
  assert.deepEqual(groupsOf([model("site", false, false)]), []);
});
