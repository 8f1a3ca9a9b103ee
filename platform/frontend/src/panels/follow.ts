/** Following something on the site until it is final, politely and for as long as it takes. */
import { ApiProblem, ask } from "../studio/api.ts";

export interface Moment {
  /** Whether somebody looks at the page. */
  readonly visible: boolean;
  /** How many times in a row the site did not answer. */
  readonly failures: number;
  /** Milliseconds since the following began. */
  readonly since: number;
  /** How long the site asked to wait, in milliseconds. */
  readonly asked: number;
}

const SECOND = 1000;
const LONGEST = 60 * SECOND;
const HIDDEN = 20 * SECOND;

/** Milliseconds until the next question: soon at first and while watched, later after failures. */
export function pauseFor({ visible, failures, since, asked }: Moment): number {
  const usual = since < 20 * SECOND ? SECOND : since < 120 * SECOND ? 2 * SECOND : 5 * SECOND;
  const patient = failures === 0 ? usual : Math.min(2 ** failures * SECOND, LONGEST);
  return Math.max(visible ? patient : Math.max(patient, HIDDEN), asked);
}

export interface Ports {
  ask(url: string): Promise<unknown>;
  now(): number;
  visible(): boolean;
  /** Call back after some milliseconds; the answer cancels. */
  wait(ms: number, then: () => void): () => void;
  /** Call back when the page is seen again or the network is back; the answer ends that. */
  onWake(then: () => void): () => void;
}

export interface Listener<T> {
  heard(row: T): void;
  /** The site did not answer. `over`: it never will, so the following has ended. */
  lost(problem: ApiProblem, over: boolean): void;
}

/** Ask for `url` now and again, until its row is final; the answer ends that.
 *
 * Nothing is asked twice at once. A hidden page asks rarely, and at once when it is seen again.
 */
export function follow<T extends { readonly final: boolean }>(
  url: string,
  listener: Listener<T>,
  ports: Ports = BROWSER,
): () => void {
  const began = ports.now();
  let failures = 0;
  let asking = false;
  let ended = false;
  let cancelWait: () => void = () => undefined;

  const end = () => {
    ended = true;
    cancelWait();
    stopWaking();
  };
  const later = (asked = 0) => {
    if (ended) return;
    const moment = { visible: ports.visible(), failures, since: ports.now() - began, asked };
    cancelWait = ports.wait(pauseFor(moment), () => void turn());
  };
  const turn = async () => {
    if (asking || ended) return;
    asking = true;
    cancelWait();
    try {
      const row = (await ports.ask(url)) as T;
      failures = 0;
      if (ended) return;
      if (row.final) end();
      listener.heard(row);
      later();
    } catch (problem) {
      if (ended) return;
      if (!(problem instanceof ApiProblem)) throw problem;
      failures += 1;
      if (!problem.mayPass) end();
      listener.lost(problem, !problem.mayPass);
      later(askedBy(problem));
    } finally {
      asking = false;
    }
  };
  const stopWaking = ports.onWake(() => void turn());
  void turn();
  return end;
}

/** The newest of what one asked for, followed until it is final. */
export class Followed<T extends { readonly id: string; readonly final: boolean }> {
  row: T | null = null;
  /** Why it is not known how it stands; null while all is well. */
  problem: ApiProblem | null = null;
  readonly #path: string;
  readonly #changed: () => void;
  readonly #ports: Ports;
  #end: () => void = () => undefined;

  /** `path` is where rows are found by their id; `changed` is called after every answer. */
  constructor(path: string, changed: () => void, ports: Ports = BROWSER) {
    this.#path = path;
    this.#changed = changed;
    this.#ports = ports;
  }

  /** Begin with this row instead of the one before. */
  take(row: T | null): void {
    this.stop();
    this.row = row;
    this.problem = null;
    this.resume();
    this.#changed();
  }

  stop(): void {
    this.#end();
  }

  resume(): void {
    if (!this.row || this.row.final) return;
    this.stop();
    this.#end = follow<T>(
      `${this.#path}${this.row.id}/`,
      { heard: (row) => this.#hear(row, null), lost: (problem) => this.#hear(this.row, problem) },
      this.#ports,
    );
  }

  #hear(row: T | null, problem: ApiProblem | null): void {
    this.row = row;
    this.problem = problem;
    this.#changed();
  }
}

function askedBy(problem: ApiProblem): number {
  const { retry_after: seconds } = problem.body;
  return typeof seconds === "number" ? seconds * SECOND : problem.status === 429 ? HIDDEN : 0;
}

export const BROWSER: Ports = {
  ask: async (url) => (await ask(url)).data,
  now: () => performance.now(),
  visible: () => document.visibilityState === "visible",
  wait: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  onWake: (then) => {
    const seen = () => {
      if (document.visibilityState === "visible") then();
    };
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("online", then);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("online", then);
    };
  },
};
