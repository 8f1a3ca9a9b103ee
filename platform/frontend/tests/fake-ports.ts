/** Time and network that a test moves by hand, for what follows things on the site. */
import type { Ports } from "../src/panels/follow.ts";
import { ApiProblem } from "../src/studio/api.ts";

interface Waiting {
  readonly at: number;
  readonly then: () => void;
}

export class FakePorts implements Ports {
  time = 0;
  isVisible = true;
  /** Every address asked for, with its time. */
  readonly asked: { readonly url: string; readonly at: number }[] = [];
  /** What the next questions are answered with; a problem is thrown. The last one stays. */
  answers: unknown[] = [];
  #waiting: Waiting[] = [];
  readonly #wakers = new Set<() => void>();

  async ask(url: string): Promise<unknown> {
    this.asked.push({ url, at: this.time });
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    if (answer instanceof ApiProblem) throw answer;
    return answer;
  }

  now(): number {
    return this.time;
  }

  visible(): boolean {
    return this.isVisible;
  }

  wait(ms: number, then: () => void): () => void {
    const entry = { at: this.time + ms, then };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  onWake(then: () => void): () => void {
    this.#wakers.add(then);
    return () => this.#wakers.delete(then);
  }

  /** Let some milliseconds pass, doing what is due in its order. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (;;) {
      const due = this.#waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#waiting = this.#waiting.filter((entry) => entry !== due);
      this.time = due.at;
      due.then();
      await settle();
    }
    this.time = end;
  }

  async wake(): Promise<void> {
    for (const then of [...this.#wakers]) then();
    await settle();
  }

  /** Whether anything could still happen by itself. */
  get isQuiet(): boolean {
    return this.#waiting.length === 0 && this.#wakers.size === 0;
  }
}

/** Let everything that waits for answers go on. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
