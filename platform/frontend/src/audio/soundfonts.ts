/** Where the instruments lie that the build cut from the sound font, and their bytes. */
import { t } from "../lib/i18n.ts";
import { fileOf, type Instrument, type SoundfontIndex } from "./soundfont-index.ts";

export type { Instrument } from "./soundfont-index.ts";

/** The page's `<link rel="soundfonts">` names the folder; see templates/components/soundfonts.html. */
const LINK = 'link[rel="soundfonts"]';

let found: Promise<SoundfontIndex> | undefined;

/** The sound fonts cannot be had: the page names no folder, or a file does not come. */
export class SoundfontsMissing extends Error {
  override readonly name = "SoundfontsMissing";
}

/**
 * Return the absolute address of the folder, ending in a slash. Pass it on to workers, which see no page.
 *
 * @throws SoundfontsMissing if the page names none
 */
export function soundfontFolder(): string {
  const link = document.querySelector<HTMLLinkElement>(LINK);
  if (!link) throw new SoundfontsMissing(t("This page names no sound fonts."));
  return link.href;
}

/**
 * Return the address of the file that holds an instrument. Its name tells its content, so what came
 * from there may be kept for ever.
 *
 * @throws SoundfontsMissing if the list of files cannot be had
 * @throws RangeError if there is no such program
 */
export async function soundfontAddress(
  instrument: Instrument,
  folder = soundfontFolder(),
): Promise<string> {
  found ??= readIndex(folder);
  try {
    return new URL(fileOf(await found, instrument), folder).href;
  } catch (error) {
    if (error instanceof SoundfontsMissing) found = undefined; // ask again the next time
    throw error;
  }
}

/** Return the bytes of an instrument's sound font; failures as for `soundfontAddress`. */
export async function fetchSoundfont(
  instrument: Instrument,
  folder = soundfontFolder(),
): Promise<ArrayBuffer> {
  const response = await get(await soundfontAddress(instrument, folder));
  return response.arrayBuffer();
}

async function readIndex(folder: string): Promise<SoundfontIndex> {
  const response = await get(new URL("index.json", folder).href);
  return (await response.json()) as SoundfontIndex;
}

async function get(address: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw new SoundfontsMissing(t("The instruments could not be loaded."), { cause: error });
  }
  if (!response.ok)
    throw new SoundfontsMissing(
      t("The instruments answered {status}.", { status: response.status }),
    );
  return response;
}
