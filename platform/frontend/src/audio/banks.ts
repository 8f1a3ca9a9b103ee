/** Sound fonts by instrument: fetched when they are needed, unpacked beside the audio thread. */
import { t } from "../lib/i18n.ts";
import { Decoder } from "./decoder.ts";

/** A General MIDI program, 0 to 127, or the drum kit. */
export type Sound = number | "drums";

/** Tells the address of the sound font that holds a sound. */
export type BankAddress = (sound: Sound) => string | Promise<string>;

/** Sound could not be had; `message` is the sentence that a person reads. */
export class SoundUnavailable extends Error {}

export class Banks {
  readonly #address: BankAddress;
  readonly #decoder = new Decoder();
  readonly #fetched = new Map<Sound, Promise<ArrayBuffer>>();

  constructor(address: BankAddress) {
    this.#address = address;
  }

  /** Begin to fetch a sound that will soon be needed. A failure is told when it is taken. */
  warm(sound: Sound): void {
    this.#get(sound).catch(() => this.#fetched.delete(sound));
  }

  /**
   * Return a sound's font with plain samples, for the caller to keep.
   *
   * @throws SoundUnavailable
   */
  async take(sound: Sound): Promise<ArrayBuffer> {
    try {
      return await this.#get(sound);
    } finally {
      this.#fetched.delete(sound);
    }
  }

  close(): void {
    this.#decoder.close();
  }

  #get(sound: Sound): Promise<ArrayBuffer> {
    let fetched = this.#fetched.get(sound);
    if (!fetched) {
      fetched = this.#load(sound);
      this.#fetched.set(sound, fetched);
    }
    return fetched;
  }

  async #where(sound: Sound): Promise<string> {
    try {
      return await this.#address(sound);
    } catch (cause) {
      throw new SoundUnavailable(t("the list of instruments cannot be had"), { cause });
    }
  }

  async #load(sound: Sound): Promise<ArrayBuffer> {
    const packed = await download(await this.#where(sound));
    try {
      return await this.#decoder.decode(packed);
    } catch (cause) {
      throw new SoundUnavailable(t("the file of an instrument is damaged"), { cause });
    }
  }
}

async function download(address: string): Promise<ArrayBuffer> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw new SoundUnavailable(t("the site cannot be reached"), { cause });
  }
  if (!response.ok) {
    throw new SoundUnavailable(
      t("the site answered {status} for an instrument", { status: response.status }),
    );
  }
  return response.arrayBuffer();
}
