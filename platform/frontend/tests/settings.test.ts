import assert from "node:assert/strict";
import { test } from "node:test";
import {
  defaultsOf,
  problemOf,
  problemsIn,
  problemsOf,
  settingsFrom,
  sorted,
  wishOf,
} from "../src/panels/settings.ts";
import { inRuns, settingsInWords, span } from "../src/panels/wording.ts";
import { EDIT, parameter } from "./panel-rows.ts";

const locked = { locked_bars: [1, 2], locked_notes: [7] };

test("a wish holds all settings and what the piece keeps locked", () => {
  const wish = wishOf(EDIT, defaultsOf(EDIT), locked);

  assert.deepEqual(wish, {
    technique: "edit",
    parameters: {
      sampling_iterations: 100,
      maximum_notes_to_remove: 100,
      maximum_notes_to_add: 500,
      creative_risk: 1,
      maximum_rest: null,
      locked_bars: [1, 2],
      locked_notes: [7],
    },
    seed: null,
    model: null,
  });
});

test("locks are left out on request, and for techniques that do not know them", () => {
  const free = wishOf(EDIT, { ...defaultsOf(EDIT), keepLocked: false }, locked);
  const other = { ...EDIT, parameters: [parameter("creative_risk")] };

  assert.ok(!("locked_bars" in free.parameters));
  assert.deepEqual(wishOf(other, defaultsOf(other), locked).parameters, { creative_risk: 1 });
});

test("earlier settings come back, but the locks are those of now", () => {
  const earlier = {
    parameters: { creative_risk: 3, maximum_rest: null, locked_bars: [9], gone: 1 },
    seed: 77,
    model: "ar-cnn",
  };

  const settings = settingsFrom(EDIT, earlier);

  assert.equal(settings.seed, 77);
  assert.equal(settings.model, null);
  assert.equal(settings.values.creative_risk, 3);
  assert.equal(settings.values.maximum_notes_to_add, 500);
  assert.ok(!("gone" in settings.values) && !("locked_bars" in settings.values));
});

test("an earlier limit that was not set stays not set, and a model of one's own stays", () => {
  const limited = { ...EDIT, parameters: [parameter("rest", { default: 4, optional: true })] };

  const settings = settingsFrom(limited, { parameters: { rest: null }, seed: 1, model: "mine" });

  assert.equal(settings.values.rest, null);
  assert.equal(settings.model, "mine");
});

test("values out of range are told before anything is sent", () => {
  const risk = parameter("risk", { label: "Risk", minimum: 0.5, maximum: 6 });
  const whole = parameter("notes", { label: "Notes", kind: "integer", maximum: 4 });

  assert.equal(problemOf(risk, 6), null);
  assert.equal(problemOf(risk, 6.1), "Risk is a number from 0.5 to 6.");
  assert.equal(problemOf(risk, Number.NaN), "Risk is a number from 0.5 to 6.");
  assert.equal(problemOf(whole, 2.5), "Notes is a whole number from 0 to 4.");
  assert.equal(problemOf(risk, null), "Risk is a number from 0.5 to 6.");
  assert.equal(problemOf({ ...risk, optional: true }, null), null);
});

test("a seed is a whole number of 32 bits", () => {
  const of = (seed: number | null) => problemsOf(EDIT, { ...defaultsOf(EDIT), seed }).seed;

  assert.equal(of(null), undefined);
  assert.equal(of(2 ** 32 - 1), undefined);
  for (const seed of [2 ** 32, -1, 1.5, Number.NaN]) assert.equal(of(seed)?.length, 1);
});

test("the API's refusal is shown at its fields, however deep they lie", () => {
  const fields = { parameters: { creative_risk: ["Too high."] }, seed: ["Too large."] };

  assert.deepEqual(problemsIn(fields), { creative_risk: ["Too high."], seed: ["Too large."] });
  assert.deepEqual(problemsIn({ parameters: ["No dict."] }), { parameters: ["No dict."] });
});

test("what most people touch comes first, and nothing is lost", () => {
  const { first, more, locks } = sorted(EDIT);

  assert.deepEqual(
    first.map(({ name }) => name),
    ["creative_risk", "maximum_notes_to_add", "maximum_notes_to_remove"],
  );
  assert.equal(first.length + more.length + locks.length, EDIT.parameters.length);
});

test("settings are said as people read them", () => {
  const parameters = [
    parameter("technique", { label: "Sampling", kind: "choice" }),
    parameter("share", { label: "Share", unit: "%" }),
    parameter("rest", { label: "Rest" }),
    parameter("key", { label: "Key lock", kind: "boolean" }),
    parameter("locked_bars", { label: "Bars", kind: "bars" }),
    parameter("locked_notes", { label: "Notes", kind: "notes" }),
  ];
  const values = {
    technique: "top_k",
    share: 50,
    rest: null,
    key: true,
    locked_bars: [1, 2, 3, 7],
    locked_notes: [4, 9],
  };

  assert.deepEqual(settingsInWords(parameters, values), [
    ["Sampling", "Top-k"],
    ["Share", "50 %"],
    ["Rest", "no limit"],
    ["Key lock", "yes"],
    ["Bars", "1-3, 7"],
    ["Notes", "2 notes"],
  ]);
});

test("runs and waiting times are short", () => {
  assert.equal(inRuns([1, 2, 3, 7, 9, 10]), "1-3, 7, 9-10");
  assert.deepEqual([0.2, 4, 170, 7200].map(span), ["1 s", "4 s", "3 min", "2 h"]);
});
