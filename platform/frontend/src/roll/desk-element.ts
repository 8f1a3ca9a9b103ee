/** What the roll and its twins have in common: they show a document and a desk, and follow both. */
import { LitElement, type PropertyDeclarations, type PropertyValues } from "lit";
import { StudioDocument } from "../song/document.ts";
import { EMPTY_SONG, projectOf, type Song, type Track } from "../song/model.ts";
import { Desk } from "./desk.ts";

export class DeskElement extends LitElement {
  static override properties: PropertyDeclarations = {
    document: { attribute: false },
    desk: { attribute: false },
  };

  declare document: StudioDocument;
  declare desk: Desk;
  #ends: (() => void)[] = [];

  constructor() {
    super();
    this.document = new StudioDocument(projectOf(EMPTY_SONG));
    this.desk = new Desk();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#deafen();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("document") || changed.has("desk")) this.#listen();
  }

  /** The document or the desk changed. */
  protected heard(): void {
    this.requestUpdate();
  }

  /** The song that is kept, without previews. */
  protected get song(): Song {
    return this.document.committed.song;
  }

  protected get activeTrack(): Track | null {
    return this.desk.activeIn(this.song);
  }

  /** Tell the page around: the event crosses shadow roots. */
  protected tell<T>(name: string, detail: T): boolean {
    const options = { detail, bubbles: true, composed: true, cancelable: true };
    return this.dispatchEvent(new CustomEvent(name, options));
  }

  #listen(): void {
    this.#deafen();
    if (!this.isConnected) return;
    const heard = () => this.heard();
    this.#ends = [this.document.subscribe(heard), this.desk.subscribe(heard)];
  }

  #deafen(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
  }
}
