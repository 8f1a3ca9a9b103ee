/** What `soundfonts/index.json` says: which file holds which instrument. Shared by build and player. */
export interface SoundfontIndex {
  /** One file name per General MIDI program, 0 to 127. */
  readonly programs: readonly string[];
  readonly drums: string;
}

/** A General MIDI program, 0 to 127, or the standard drum kit. */
export type Instrument = number | "drums";

/** Return the name of a file whose content has this SHA-256, in hexadecimal. */
export function fileFor(name: string, sha256: string): string {
  return `${name}-${sha256.slice(0, 10)}.sf3`;
}

/**
 * Return the file that holds an instrument.
 *
 * @throws RangeError if there is no such program
 */
export function fileOf(index: SoundfontIndex, instrument: Instrument): string {
  const file = instrument === "drums" ? index.drums : index.programs[instrument];
  if (file === undefined) throw new RangeError(`There is no General MIDI program ${instrument}.`);
  return file;
}
