/** Keyboards that are plugged in, by the Web MIDI interface; asked for on a button only. */
import { t } from "../lib/i18n.ts";
import { Listeners } from "../lib/listeners.ts";
import type { NoteInput } from "./note-input.ts";

export interface MidiDevice {
  readonly id: string;
  readonly name: string;
}

export type MidiState = "off" | "asking" | "on" | "missing" | "refused";

const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROL_CHANGE = 0xb0;
const SUSTAIN_PEDAL = 64;

export class WebMidi {
  readonly #input: NoteInput;
  readonly #changed = new Listeners();
  #access: MIDIAccess | null = null;
  #port: MIDIInput | null = null;
  /** What a person chose, which is taken up again when it is plugged in again. */
  #chosen: string | null = null;
  #state: MidiState = canMidi() ? "off" : "missing";

  constructor(input: NoteInput) {
    this.#input = input;
  }

  get state(): MidiState {
    return this.#state;
  }

  get devices(): readonly MidiDevice[] {
    const ports = [...(this.#access?.inputs.values() ?? [])];
    return ports
      .filter((port) => port.state !== "disconnected")
      .map((port) => ({ id: port.id, name: port.name ?? t("MIDI keyboard") }));
  }

  /** The id of the device that is listened to. */
  get device(): string | null {
    return this.#port?.id ?? null;
  }

  /** Where it stands, as a sentence. */
  get sentence(): string {
    if (this.#state === "missing") {
      return t(
        "This browser cannot use MIDI keyboards. Chrome, Edge and Firefox on a computer can.",
      );
    }
    if (this.#state === "refused") {
      return t(
        "The browser was not allowed to use MIDI keyboards. Allow it in the page's settings, then press again.",
      );
    }
    if (this.#state !== "on") return t("Plug in a MIDI keyboard and press the button.");
    const name = this.devices.find((device) => device.id === this.device)?.name;
    return name ? t("Playing on {name}.", { name }) : t("No MIDI keyboard is plugged in.");
  }

  subscribe(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** Ask the browser, which asks the person; to be called when a button is pressed. */
  async connect(): Promise<void> {
    if (this.#state === "missing" || this.#state === "asking") return;
    this.#enter("asking");
    try {
      this.#access = await navigator.requestMIDIAccess({ sysex: false });
    } catch {
      this.#enter("refused");
      return;
    }
    this.#access.addEventListener("statechange", () => this.#settle());
    this.#state = "on";
    this.#settle();
  }

  /** Listen to another device. */
  choose(id: string): void {
    this.#chosen = id;
    this.#settle();
  }

  /** Stop listening. */
  disconnect(): void {
    this.#listenTo(null);
    this.#access = null;
    if (this.#state === "on") this.#enter("off");
  }

  /** Listen to the chosen device, else to the present one, else to the first. */
  #settle(): void {
    const ports = [...(this.#access?.inputs.values() ?? [])].filter(
      (port) => port.state !== "disconnected",
    );
    const port =
      ports.find((candidate) => candidate.id === this.#chosen) ??
      ports.find((candidate) => candidate === this.#port) ??
      ports[0] ??
      null;
    if (port !== this.#port) this.#listenTo(port);
    this.#changed.tell();
  }

  #listenTo(port: MIDIInput | null): void {
    if (this.#port) this.#port.onmidimessage = null;
    // A cable that is pulled out says nothing: whatever was held ends here.
    this.#input.release("midi", performance.now());
    this.#port = port;
    if (port) port.onmidimessage = (event) => this.#hear(event);
  }

  #hear({ data, timeStamp }: MIDIMessageEvent): void {
    const [status = 0, first = 0, second = 0] = data ?? [];
    const kind = status & 0xf0;
    if (kind === NOTE_ON && second > 0) this.#input.on(first, second, timeStamp, "midi");
    else if (kind === NOTE_ON || kind === NOTE_OFF) this.#input.off(first, timeStamp, "midi");
    else if (kind === CONTROL_CHANGE && first === SUSTAIN_PEDAL) {
      this.#input.sustain(second >= 64, timeStamp, "midi");
    }
  }

  #enter(state: MidiState): void {
    this.#state = state;
    this.#changed.tell();
  }
}

function canMidi(): boolean {
  return typeof navigator !== "undefined" && "requestMIDIAccess" in navigator;
}
