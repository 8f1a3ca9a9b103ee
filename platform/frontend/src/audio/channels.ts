/** Which of the synthesizer's channels plays which part. */

/** A track's id, or what is played by hand. */
export type PartId = number | "live";

/** Every 16th channel is General MIDI's drum channel, and falls back to drums on a reset. */
const DRUM_CHANNEL = 9;

/** Channels without an upper limit: a 16th and a 40th part get one of their own, too. */
export class Channels {
  readonly #taken = new Map<PartId, number>();

  /** The part's channel, taken now if it has none. */
  of(part: PartId): number {
    const taken = this.#taken.get(part);
    if (taken !== undefined) return taken;
    const inUse = new Set(this.#taken.values());
    let channel = 0;
    while (inUse.has(channel) || channel % 16 === DRUM_CHANNEL) channel += 1;
    this.#taken.set(part, channel);
    return channel;
  }

  free(part: PartId): void {
    this.#taken.delete(part);
  }
}
