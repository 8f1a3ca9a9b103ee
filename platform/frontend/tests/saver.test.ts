import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Outcome, type Ports, Saver } from "../src/studio/saver.ts";

/** A browser, a site and a clock that the test moves. */
class World implements Ports {
  kept: { value: number; dirty: boolean } | null = null;
  sent: number[] = [];
  value = 0;
  answers: Outcome[] = [];
  #timers: { at: number; then: () => void }[] = [];
  #now = 0;
  readonly saver = new Saver(this, () => {});

  async keep(dirty: boolean): Promise<void> {
    this.kept = { value: this.value, dirty };
  }

  async send(): Promise<Outcome> {
    const value = this.value;
    await Promise.resolve();
    const answer = this.answers.shift() ?? { kind: "saved" };
    if (answer.kind === "saved") this.sent.push(value);
    return answer;
  }

  wait(ms: number, then: () => void): () => void {
    const timer = { at: this.#now + ms, then };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  change(value: number): void {
    this.value = value;
    this.saver.touch();
  }

  async pass(ms: number): Promise<void> {
    await settled();
    const until = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter((t) => t.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = next.at;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.then();
      await settled();
    }
    this.#now = until;
    await settled();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a change is kept in the browser first, then on the site, once for many", async () => {
  const world = new World();

  world.change(1);
  await world.pass(400);
  assert.deepEqual(world.kept, { value: 1, dirty: true });
  assert.deepEqual(world.sent, []);
  world.change(2);
  world.change(3);
  await world.pass(5000);

  assert.deepEqual(world.sent, [3]);
  assert.deepEqual(world.kept, { value: 3, dirty: false });
  assert.equal(world.saver.state, "saved");
});

test("an unreachable site is tried again until it answers, and nothing is lost", async () => {
  const world = new World();
  world.answers = [{ kind: "later" }, { kind: "later" }];

  world.change(7);
  await world.pass(1600);
  assert.equal(world.saver.state, "offline");
  assert.equal(world.saver.dirty, true);
  await world.pass(10_000);

  assert.equal(world.saver.state, "saved");
  assert.deepEqual(world.sent, [7]);
});

test("a conflict stops saving until somebody decides", async () => {
  const world = new World();
  world.answers = [{ kind: "conflict", conflict: { version: 4, savedAt: null } }];

  world.change(1);
  await world.pass(2000);
  world.change(2);
  await world.pass(60_000);
  assert.equal(world.saver.state, "conflict");
  assert.deepEqual(world.sent, []);
  assert.deepEqual(world.kept, { value: 2, dirty: true });
  world.saver.settle(true);
  await world.pass(100);

  assert.deepEqual(world.sent, [2]);
});

test("a refusal keeps its reason, and the piece in the browser", async () => {
  const world = new World();
  world.answers = [{ kind: "refused", detail: "It is too long." }];

  world.change(1);
  await world.pass(60_000);

  assert.equal(world.saver.state, "refused");
  assert.equal(world.saver.detail, "It is too long.");
  assert.deepEqual(world.kept, { value: 1, dirty: true });
});

test("flush waits until the site has the last change", async () => {
  const world = new World();

  world.change(1);
  const first = world.saver.flush();
  world.change(2);
  await first;
  await world.saver.flush();

  assert.equal(world.sent.at(-1), 2);
  assert.equal(world.saver.dirty, false);
});

test("what is being sent counts as unsaved: the site may still refuse it", async () => {
  const world = new World();
  world.change(1);

  const sending = world.saver.flush();

  assert.equal(world.saver.state, "saving");
  assert.equal(world.saver.dirty, true);
  await sending;
  assert.equal(world.saver.dirty, false);
});

test("in any order of events the site ends with the last change", async () => {
  const outcome = fc.constantFrom<Outcome>({ kind: "saved" }, { kind: "later" });
  const step = fc.oneof(
    fc.record({ change: fc.integer({ min: 1, max: 1e6 }) }),
    fc.record({ pass: fc.integer({ min: 0, max: 5000 }) }),
    fc.record({ flush: fc.constant(true) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.array(outcome),
      async (steps, answers) => {
        const world = new World();
        world.answers = [...answers];
        for (const event of steps) {
          if ("change" in event) world.change(event.change);
          else if ("pass" in event) await world.pass(event.pass);
          else void world.saver.flush();
        }
        await world.pass(3_600_000);
        const changed = steps.some((event) => "change" in event);
        assert.equal(world.saver.dirty, false);
        if (changed) assert.equal(world.sent.at(-1), world.value);
      },
    ),
    { numRuns: 200 },
  );
});
