/** Of all the sounds on a page, one plays at a time. */

export interface Sounding {
  pause(): void;
}

let audible: Sounding | undefined;

/** Begin to sound: silence what sounded before. */
export function takeTurn(sounding: Sounding): void {
  if (audible !== sounding) audible?.pause();
  audible = sounding;
}
