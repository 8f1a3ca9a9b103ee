/** `<cp-side>`: the panels beside the notes: create, compare, versions, hand in. */
import { html, type TemplateResult } from "lit";
import type { Part } from "../audio/parts.ts";
import { t } from "../lib/i18n.ts";
import { LightElement } from "../lib/light.ts";
import type { ComparePanel } from "../panels/compare.ts";
import type { CreatePanel } from "../panels/create.ts";
import type { GenerationRow } from "../panels/rows.ts";
import type { Song } from "../song/model.ts";
import type { StudioConfig } from "./config.ts";
import { tabList } from "./tabs.ts";
import type { Workbench } from "./workbench.ts";

const SIDES = ["create", "compare", "versions", "hand-in"] as const;

export type Side = (typeof SIDES)[number];

/** What is fetched when it is first shown: no panel keeps the notes waiting. */
const LATER: Readonly<Record<Side, () => Promise<unknown>>> = {
  create: () => import("../panels/create.ts"),
  compare: () => import("../panels/compare.ts"),
  versions: () => import("../panels/versions.ts"),
  "hand-in": () => import("../panels/hand-in.ts"),
};

export function isSide(name: string | null): name is Side {
  return SIDES.some((side) => side === name);
}

interface Compared {
  readonly generation: GenerationRow;
}

/**
 * Works on a `bench`. Method: `show(side)`.
 *
 * Events: `cp-shown` {side} when another panel is looked at; `cp-overlay` and `cp-look` as of
 * `<cp-compare>`, while that is looked at; `cp-problem` with a sentence if a panel cannot be fetched.
 */
export class StudioSide extends LightElement {
  static override properties = {
    bench: { attribute: false },
    config: { attribute: false },
    side: { state: true },
    compared: { state: true },
  };
  declare bench: Workbench;
  declare config: StudioConfig;
  declare protected side: Side;
  declare protected compared: GenerationRow | null;

  constructor() {
    super();
    this.side = "create";
    this.compared = null;
  }

  protected override firstUpdated(): void {
    this.#fetch(this.side);
  }

  #fetch(side: Side): void {
    LATER[side]().catch((problem: Error) => this.say("cp-problem", problem.message));
  }

  show(side: Side): void {
    this.side = side;
    this.say("cp-shown", { side });
    this.#fetch(side);
    if (side === "compare") return;
    // Before the panel's code has come, there is nothing to pause.
    this.querySelector<Partial<ComparePanel> & Element>("cp-compare")?.pause?.();
    this.say("cp-overlay", null);
    this.bench.listenTo(null);
  }

  protected override render(): TemplateResult {
    const { session } = this.bench;
    const { signedIn } = this.config;
    const names: Record<Side, string> = {
      create: t("Create"),
      compare: t("Compare"),
      versions: t("Versions"),
      "hand-in": t("Hand in"),
    };
    const tabs = SIDES.map((id) => ({ id, label: names[id] }));
    return html`
      <h2 class="visually-hidden">${t("Make something of it")}</h2>
      ${tabList("studio-side", t("Panels"), tabs, this.side, (id) => this.show(id as Side))}
      ${this.#panel("create", html`<cp-create .session=${session} ?signed-in=${signedIn} @cp-result=${this.#onResult} @cp-compare=${this.#onCompare}></cp-create>`)}
      ${this.#panel("compare", this.#comparison())}
      ${this.#panel("versions", html`<cp-versions .session=${session} @cp-compare=${this.#onCompare} @cp-use=${this.#useAgain}></cp-versions>`)}
      ${this.#panel("hand-in", html`<cp-hand-in .session=${session} ?signed-in=${signedIn} .round=${this.config.round ?? ""}></cp-hand-in>`)}
    `;
  }

  #panel(side: Side, content: TemplateResult): TemplateResult {
    return html`<div role="tabpanel" id="studio-side-${side}" aria-labelledby="studio-side-tab-${side}" ?hidden=${this.side !== side}>${content}</div>`;
  }

  #comparison(): TemplateResult {
    return html`<cp-compare .session=${this.bench.session} .generation=${this.compared}
      @cp-listen=${this.#onListen} @cp-strike=${this.#onStrike}
      @cp-overlay=${this.#onlyWhenSeen} @cp-look=${this.#onlyWhenSeen}
      @cp-close=${this.#endComparison} @cp-kept=${this.#endComparison}></cp-compare>`;
  }

  #onResult(event: CustomEvent<Compared>): void {
    if (this.compared === null) this.compared = event.detail.generation;
  }

  #onCompare(event: CustomEvent<Compared>): void {
    this.compared = event.detail.generation;
    this.show("compare");
    this.querySelector<ComparePanel>("cp-compare")?.focus();
  }

  #onListen(event: CustomEvent<{ song: Song; isSame: boolean } | null>): void {
    if (this.side !== "compare") return;
    this.bench.listenTo(event.detail?.song ?? null, event.detail?.isSame);
  }

  #onStrike(event: CustomEvent<{ part: Part; pitch: number; velocity: number }>): void {
    const { part, pitch, velocity } = event.detail;
    this.bench.strike(part, pitch, velocity);
  }

  /** A comparison that nobody looks at leaves no marks on the roll. */
  #onlyWhenSeen(event: Event): void {
    if (this.side !== "compare") event.stopPropagation();
  }

  /** The result became the piece, or the comparison was closed. */
  #endComparison(): void {
    this.compared = null;
    if (this.side === "compare") this.show("create");
  }

  async #useAgain(event: CustomEvent<Compared>): Promise<void> {
    this.show("create");
    await LATER.create();
    this.querySelector<CreatePanel>("cp-create")?.use(event.detail.generation);
  }
}

customElements.define("cp-side", StudioSide);

declare global {
  interface HTMLElementTagNameMap {
    "cp-side": StudioSide;
  }
}
