/**
 * A MIDI file that can be heard where it stands.
 *
 *     <cp-listen src="tune.mid" name="After" roll="roll-1"><a href="tune.mid">…</a></cp-listen>
 *
 * The link inside is all there is without scripts; here a button stands before it. `name` says what
 * is heard, for the button's name. `roll` is the id of a `components/roll.html`, over which the
 * playhead moves. Nothing is fetched before the button is pressed. The page must allow the engine
 * (`accounts.pages.plays_instruments`) and name its instruments (`components/soundfonts.html`).
 */
import { t } from "../lib/i18n.ts";
import { clockText } from "../lib/playhead.ts";
import { drawRollHead, type RollHead } from "../lib/roll-head.ts";
import { takeTurn } from "../lib/turn.ts";
import type { MidiPlayer } from "./player.ts";

type State = "idle" | "loading" | "playing";

const SVG = "http://www.w3.org/2000/svg";
const SPRITE = new URL("../icons.svg", import.meta.url).href;
/** Milliseconds between two places of the playhead for those who want no motion. */
const CALM = 250;

/** One for the page: a browser has few of them to give. */
let context: AudioContext | undefined;
let player: Promise<MidiPlayer> | undefined;

/** Begin sound inside the press, before anything is fetched: later a browser would not let it. */
function unlock(): AudioContext {
  context ??= new AudioContext({ latencyHint: "interactive" });
  // A refusal changes nothing: the engine asks again with the next press.
  if (context.state === "suspended") context.resume().catch(() => undefined);
  return context;
}

function loadPlayer(unlocked: AudioContext): Promise<MidiPlayer> {
  player ??= import("./player.ts").then(
    ({ MidiPlayer }) => new MidiPlayer(unlocked),
    (cause: unknown) => {
      player = undefined; // ask again the next time
      throw new Error(t("The player cannot be reached just now. Try again in a minute."), {
        cause,
      });
    },
  );
  return player;
}

async function fetchMidi(address: string): Promise<Uint8Array> {
  const response = await fetch(address).catch(() => undefined);
  if (response?.ok) return new Uint8Array(await response.arrayBuffer());
  throw new Error(t("The music cannot be had just now. Try again in a minute."));
}

export class CpListen extends HTMLElement {
  readonly #button = document.createElement("button");
  readonly #icon = document.createElementNS(SVG, "use");
  readonly #verb = document.createElement("span");
  readonly #bar = document.createElement("progress");
  readonly #time = document.createElement("span");
  readonly #trouble = document.createElement("span");
  #state: State = "idle";
  /** Tells a press that is waited for from one that was given up. */
  #attempt = 0;
  #player: MidiPlayer | undefined;
  #head: RollHead | undefined;

  constructor() {
    super();
    this.#button.type = "button";
    this.#button.className = "button button--small cp-listen__button";
    this.#button.addEventListener("click", () => this.#press());
    this.#bar.className = "progress cp-listen__bar";
    this.#time.className = "small muted num cp-listen__time";
    this.#trouble.className = "small cp-listen__trouble";
    this.#trouble.setAttribute("role", "status");
  }

  connectedCallback(): void {
    for (const old of this.querySelectorAll("[data-listen]")) old.remove(); // of a kept page
    this.#label();
    const parts = [this.#button, this.#bar, this.#time, this.#trouble];
    for (const part of parts) part.dataset.listen = "";
    this.prepend(this.#button, this.#bar, this.#time);
    this.append(this.#trouble);
    this.#show("idle");
  }

  disconnectedCallback(): void {
    this.pause();
  }

  /** Stop; asked for by whatever sounds next, too. */
  pause(): void {
    this.#attempt += 1;
    if (this.#state !== "idle") this.#player?.stop();
    this.#show("idle");
  }

  #label(): void {
    const name = this.getAttribute("name") ?? "";
    const icon = document.createElementNS(SVG, "svg");
    icon.setAttribute("class", "icon");
    icon.setAttribute("aria-hidden", "true");
    icon.append(this.#icon);
    const rest = document.createElement("span");
    rest.className = "visually-hidden";
    rest.textContent = name && ` ${name}`;
    this.#button.replaceChildren(icon, this.#verb, rest);
    this.#bar.setAttribute("aria-label", name ? t("Played of {name}", { name }) : t("Played"));
  }

  #press(): void {
    if (this.#state !== "idle") {
      this.pause();
      return;
    }
    takeTurn(this);
    this.#trouble.textContent = "";
    this.#show("loading");
    void this.#begin(unlock(), ++this.#attempt);
  }

  async #begin(unlocked: AudioContext, attempt: number): Promise<void> {
    try {
      const midi = fetchMidi(this.getAttribute("src") ?? "");
      const [loaded, bytes] = await Promise.all([loadPlayer(unlocked), midi]);
      if (attempt !== this.#attempt) return;
      this.#player = loaded;
      await loaded.play(bytes, () => this.#ended(attempt));
      if (attempt !== this.#attempt) return;
      this.#show("playing");
      this.#follow(attempt);
    } catch (error) {
      if (attempt === this.#attempt) this.#fail(error);
    }
  }

  #ended(attempt: number): void {
    if (attempt === this.#attempt) this.pause();
  }

  #fail(error: unknown): void {
    this.#attempt += 1;
    this.#show("idle");
    this.#trouble.textContent =
      error instanceof Error ? error.message : t("The sound did not start. Try again.");
  }

  /** Move the bar and the playhead until the piece is over. */
  #follow(attempt: number): void {
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.#head = drawRollHead(document.getElementById(this.getAttribute("roll") ?? ""));
    const step = (): void => {
      if (attempt !== this.#attempt || !this.#player) return;
      this.#place(this.#player.seconds, this.#player.length);
      if (calm.matches) setTimeout(step, CALM);
      else requestAnimationFrame(step);
    };
    step();
  }

  #place(seconds: number, length: number): void {
    this.#bar.value = length > 0 ? Math.min(seconds / length, 1) : 0;
    this.#time.textContent = `${clockText(Math.min(seconds, length))} / ${clockText(length)}`;
    this.#head?.move(seconds);
  }

  #show(state: State): void {
    this.#state = state;
    this.dataset.state = state;
    const isIdle = state === "idle";
    this.#verb.textContent = isIdle ? t("Play") : t("Stop");
    this.#icon.setAttribute("href", `${SPRITE}#${isIdle ? "play" : "stop"}`);
    this.#bar.hidden = isIdle;
    this.#time.hidden = isIdle;
    if (state === "loading") {
      this.#bar.removeAttribute("value");
      this.#time.textContent = t("Loading the instruments");
    }
    if (isIdle) this.#head?.move(0);
  }
}

customElements.define("cp-listen", CpListen);
