import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { loadProject, saveProject } from "../src/song/serial.ts";
import { project } from "./arbitrary.ts";

const throughText = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("what is saved is loaded again, down to the ids", () => {
  fc.assert(
    fc.property(project, (made) => {
      assert.deepEqual(loadProject(throughText(saveProject(made))), made);
    }),
  );
});

test("any other value is no project", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => loadProject(value) === null));
});

/** Every copy of a JSON value in which one value within has been replaced by `by`. */
function* damagedBy(value: unknown, by: unknown): Generator<unknown> {
  yield by;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const damaged of damagedBy(inner, by)) {
      yield Array.isArray(value) ? value.with(Number(key), damaged) : { ...value, [key]: damaged };
    }
  }
}

test("a project is refused whichever value in it is damaged", () => {
  fc.assert(
    fc.property(project, fc.constantFrom(null, -1, 0.5, "x", {}), (made, by) => {
      for (const damaged of damagedBy(throughText(saveProject(made)), by)) {
        const loaded = loadProject(damaged);
        // Some texts are names and some numbers may be negative: then it is another good project.
        if (loaded) assert.deepEqual(saveProject(loaded), damaged);
      }
    }),
    { numRuns: 30 },
  );
});

test("notes out of order, double ids and other versions are refused", () => {
  const note = [0, 480, 60, 80, 2];
  const track = { id: 1, name: "", program: 0, isDrum: false, volume: 100, pan: 64 };
  const saved = (notes: unknown[], { version = 1, nextId = 9 } = {}) => ({
    version,
    song: {
      tracks: [{ ...track, notes }],
      tempos: [{ tick: 0, usPerBeat: 500_000 }],
      timeSignatures: [{ tick: 0, numerator: 4, denominator: 4 }],
      keySignatures: [],
      nextId,
    },
    lockedNotes: [],
    lockedBars: [],
    muted: [],
    soloed: [],
  });

  assert.ok(loadProject(saved([note])));
  assert.equal(loadProject(saved([note], { version: 2 })), null);
  assert.equal(loadProject(saved([note], { nextId: 2 })), null);
  assert.equal(loadProject(saved([note, [480, 480, 62, 80, 1]])), null);
  assert.equal(loadProject(saved([[480, 480, 62, 80, 3], note])), null);
  assert.equal(loadProject(saved([note, [240, 480, 60, 80, 3]])), null);
});
