/** The one export that is used, so that the rest of the library stays out of the bundle. */
export { WorkletSynthesizer } from "spessasynth_lib";
