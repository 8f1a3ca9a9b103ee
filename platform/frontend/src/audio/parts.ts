/** The parts of the music on the synthesizer's channels: how each sounds, and what it is told. */
import type { MIDIController } from "spessasynth_core";
import type { WorkletSynthesizer } from "spessasynth_lib";
import type { Sound } from "./banks.ts";
import { Channels, type PartId } from "./channels.ts";

/** How a part sounds; the fields of a track. */
export interface Part {
  readonly program: number;
  readonly isDrum: boolean;
  /** 0 to 127. */
  readonly volume: number;
  /** 0 (left) to 127 (right). */
  readonly pan: number;
  readonly isMuted?: boolean;
}

const CONTROL = { volume: 7, pan: 10, sustain: 64, soundOff: 120 } satisfies Record<
  string,
  MIDIController
>;

export function soundOf(part: Pick<Part, "program" | "isDrum">): Sound {
  return part.isDrum ? "drums" : part.program;
}

export class Parts {
  #synth: WorkletSynthesizer | null = null;
  readonly #parts = new Map<PartId, Part>();
  readonly #channels = new Channels();
  readonly #sustained = new Set<PartId>();

  get(id: PartId): Part | undefined {
    return this.#parts.get(id);
  }

  /** Play on `synth` from now on; null: on none. */
  attach(synth: WorkletSynthesizer | null): void {
    this.#synth = synth;
    this.applyAll();
  }

  /** Set up every channel again, after the synthesizer has forgotten them. */
  applyAll(): void {
    for (const [id, part] of this.#parts) this.#apply(id, part, undefined);
  }

  set(id: PartId, part: Part): void {
    const before = this.#parts.get(id);
    this.#parts.set(id, part);
    this.#apply(id, part, before);
  }

  remove(id: PartId): void {
    this.silence(id, 0);
    this.#parts.delete(id);
    this.#sustained.delete(id);
    this.#channels.free(id);
  }

  noteOn(id: PartId, pitch: number, velocity: number, time: number): void {
    this.#synth?.noteOn(this.#channels.of(id), pitch, velocity, { time });
  }

  noteOff(id: PartId, pitch: number, time: number): void {
    if (this.#parts.has(id)) this.#synth?.noteOff(this.#channels.of(id), pitch, { time });
  }

  sustain(id: PartId, isDown: boolean): void {
    if (isDown) this.#sustained.add(id);
    else this.#sustained.delete(id);
    this.#control(id, CONTROL.sustain, isDown ? 127 : 0);
  }

  silence(id: PartId, time: number): void {
    this.#control(id, CONTROL.soundOff, 0, time);
  }

  silenceAll(): void {
    for (const id of [...this.#sustained]) this.sustain(id, false);
    this.#synth?.stopAll(true);
  }

  /** Send what differs from `before`; everything, if that is undefined. */
  #apply(id: PartId, part: Part, before: Part | undefined): void {
    const synth = this.#synth;
    if (!synth) return;
    const channel = this.#channels.of(id);
    while (synth.channelCount <= channel) synth.addNewChannel();
    if (before === undefined || soundOf(before) !== soundOf(part)) {
      synth.midiChannels[channel]?.setDrums(part.isDrum);
      synth.programChange(channel, part.program);
    }
    if (before?.volume !== part.volume) this.#control(id, CONTROL.volume, part.volume);
    if (before?.pan !== part.pan) this.#control(id, CONTROL.pan, part.pan);
    if (before === undefined) this.#control(id, CONTROL.sustain, this.#sustained.has(id) ? 127 : 0);
    if (before === undefined || before.isMuted !== part.isMuted) {
      synth.midiChannels[channel]?.setSystemParameter("isMuted", part.isMuted ?? false);
    }
  }

  #control(id: PartId, controller: MIDIController, value: number, time = 0): void {
    if (!this.#parts.has(id)) return;
    this.#synth?.controllerChange(this.#channels.of(id), controller, value, { time });
  }
}
