import assert from "node:assert/strict";
import { test } from "node:test";
import { formatLeft, formatMoment, untilNextText, zoneLabel } from "../src/lib/time-text.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test("time left uses the units that matter", () => {
  const cases: [number, string][] = [
    [12 * DAY + 5 * HOUR, "12 days"],
    [3 * DAY + 4 * HOUR, "3 days 4 h"],
    [DAY, "1 day"],
    [DAY - SECOND, "23 h 59 min"],
    [HOUR, "1 h 0 min"],
    [12 * MINUTE + 5 * SECOND, "12 min 05 s"],
    [59 * SECOND + 999, "59 s"],
    [0, "0 s"],
    [-5 * DAY, "0 s"],
  ];
  for (const [left, text] of cases) assert.equal(formatLeft(left), text);
});

test("the text is stable until the next tick and has changed after it", () => {
  for (const left of [3 * DAY + 90 * SECOND, 5 * HOUR + 1, 10 * MINUTE + 400, 1500, SECOND]) {
    const wait = untilNextText(left);
    assert.ok(wait > 0 && wait <= MINUTE);
    if (left < HOUR) {
      assert.notEqual(formatLeft(left - wait - 1), formatLeft(left));
    }
  }
});

test("a moment is written in the zone asked for", () => {
  const instant = new Date("2025-11-30T18:00:00Z");
  assert.equal(formatMoment(instant, "UTC"), "Sun 30 Nov 2025, 18:00");
  assert.equal(formatMoment(instant, "Asia/Tokyo"), "Mon 1 Dec 2025, 03:00");
  assert.equal(formatMoment(instant, "America/New_York"), "Sun 30 Nov 2025, 13:00");
});

test("midnight is 00:00 and September has three letters", () => {
  assert.equal(formatMoment(new Date("2025-09-01T00:00:00Z"), "UTC"), "Mon 1 Sep 2025, 00:00");
});

test("a zone is named by its city", () => {
  assert.equal(zoneLabel("America/Argentina/Buenos_Aires"), "Buenos Aires");
  assert.equal(zoneLabel("UTC"), "UTC");
});
