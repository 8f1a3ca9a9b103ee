import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { accepting, rejecting, surest } from "../src/roll/edit-list.ts";
import type { Ids } from "../src/roll/sets.ts";
import type { EditEvent } from "../src/song/changes.ts";
import type { NewNote } from "../src/song/model.ts";

const noteOf = (pitch: number): NewNote => ({ start: 480, pitch, duration: 240, velocity: 80 });

/** Edits that follow from a piece of a few notes, as the model would make them. */
const histories = fc
  .array(
    fc.record({
      kind: fc.constantFrom("add", "remove", "move"),
      a: fc.nat(7),
      b: fc.nat(7),
      odds: fc.integer({ min: -3, max: 9 }),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    const present = new Set([0, 1, 2, 3]);
    const events: EditEvent[] = [];
    for (const { kind, a, b, odds } of steps) {
      const takes = kind !== "add";
      const gives = kind !== "remove";
      if ((takes && !present.has(a)) || (gives && present.has(b)) || (kind === "move" && a === b))
        continue;
      if (takes) present.delete(a);
      if (gives) present.add(b);
      events.push({
        kind: kind as EditEvent["kind"],
        track: 0,
        before: takes ? noteOf(60 + a) : null,
        after: gives ? noteOf(60 + b) : null,
        log_odds: odds,
        iteration: events.length + 1,
      });
    }
    return events;
  });

/** Apply the accepted events; a step that does not fit is an error, as on the server. */
function applied(events: readonly EditEvent[], accepted: Ids): Set<number> {
  const present = new Set([60, 61, 62, 63]);
  events.forEach(({ before, after }, index) => {
    if (!accepted.has(index)) return;
    if (before)
      assert.ok(present.delete(before.pitch), `event ${index} takes a note that is not there`);
    if (after) assert.ok(!present.has(after.pitch), `event ${index} makes a note that is there`);
    if (after) present.add(after.pitch);
  });
  return present;
}

test("whatever is rejected and accepted, what is left can be applied", () => {
  fc.assert(
    fc.property(
      histories,
      fc.array(fc.tuple(fc.boolean(), fc.nat(39)), { maxLength: 12 }),
      (events, clicks) => {
        let accepted: Ids = new Set(events.keys());
        for (const [accept, index] of clicks) {
          if (index >= events.length) continue;
          accepted = (accept ? accepting : rejecting)(events, accepted, index);
          assert.equal(accepted.has(index), accept);
          applied(events, accepted);
        }
      },
    ),
  );
});

test("the surest are the most likely, with what they stand on", () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 10 }), (events, count) => {
      const accepted = surest(events, count);
      applied(events, accepted);
      const odds = events.map((event) => event.log_odds).sort((a, b) => b - a);
      const least = odds[Math.min(count, odds.length) - 1] ?? Number.NEGATIVE_INFINITY;
      events.forEach((event, index) => {
        if (event.log_odds > least) assert.ok(accepted.has(index));
      });
    }),
  );
});
