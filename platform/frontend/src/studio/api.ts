/** Talking to the site's API: JSON and MIDI, with every refusal as a sentence for people. */
import { t } from "../lib/i18n.ts";
import { csrfToken } from "../modules/csrf.ts";

export type Fields = Readonly<Record<string, readonly string[]>>;

/** The API said no, or was not there. `detail` is for people. */
export class ApiProblem extends Error {
  /** HTTP status; 0 when the site was not reached. */
  readonly status: number;
  /** A word for programs, such as `round_closed`. */
  readonly code: string;
  /** What is wrong with each field, where the problem is one of fields. */
  readonly fields: Fields;
  /** Everything that the answer said. */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, detail: string, body: Record<string, unknown> = {}) {
    super(detail);
    this.name = "ApiProblem";
    this.status = status;
    this.code = code;
    this.body = body;
    this.fields = (body.fields ?? {}) as Fields;
  }

  /** Whether trying again later can help: the site is away, or busy. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export interface Ask {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly json?: unknown;
  /** A MIDI file as the body. */
  readonly midi?: Uint8Array<ArrayBuffer>;
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Answer<T> {
  readonly data: T;
  readonly status: number;
  readonly headers: Headers;
}

/** Ask the API at `path` (below `/api/v1/`, or a whole address of this site). */
export async function ask<T>(path: string, how: Ask = {}): Promise<Answer<T>> {
  const response = await send(path, how);
  const data = response.status === 204 ? null : await jsonOf(response);
  if (!response.ok) throw problemOf(response.status, data);
  return { data: data as T, status: response.status, headers: response.headers };
}

/** Fetch a file's bytes. */
export async function fetchBytes(
  path: string,
  how: Ask = {},
): Promise<Answer<Uint8Array<ArrayBuffer>>> {
  const response = await send(path, how);
  if (!response.ok) throw problemOf(response.status, await jsonOf(response));
  const data = new Uint8Array(await response.arrayBuffer());
  return { data, status: response.status, headers: response.headers };
}

async function send(path: string, how: Ask): Promise<Response> {
  const url = /^(https?:)?\//.test(path) ? path : `/api/v1/${path}`;
  const method = how.method ?? "GET";
  const headers = new Headers({ Accept: "application/json", ...how.headers });
  if (method !== "GET") headers.set("X-CSRFToken", csrfToken());
  const body = bodyOf(how, headers);
  try {
    return await fetch(url, {
      method,
      headers,
      body,
      credentials: "same-origin",
      signal: how.signal ?? null,
    });
  } catch (error) {
    if (how.signal?.aborted) throw error;
    throw new ApiProblem(0, "offline", t("The site cannot be reached just now."));
  }
}

function bodyOf(how: Ask, headers: Headers): BodyInit | null {
  if (how.form) return how.form;
  if (how.midi) {
    headers.set("Content-Type", "audio/midi");
    return how.midi;
  }
  if (how.json === undefined) return null;
  headers.set("Content-Type", "application/json");
  return JSON.stringify(how.json);
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null; // a proxy's page, or an empty answer
  }
}

function problemOf(status: number, data: unknown): ApiProblem {
  const body = typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
  const code = typeof body.code === "string" ? body.code : `http_${status}`;
  const usual =
    status >= 500
      ? t("Something went wrong on the site. Nothing of yours was lost; try again in a minute.")
      : t("That did not work. Reload the page and try again.");
  const detail = typeof body.detail === "string" ? body.detail : usual;
  return new ApiProblem(status, code, detail, body);
}
