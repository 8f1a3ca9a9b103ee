/** The Studio's panels: importing this defines their elements and brings their styles. */
import "../styles/panels.css";

export { ComparePanel } from "./compare.ts";
export { CreatePanel } from "./create.ts";
export { HandInPanel } from "./hand-in.ts";
export { VersionsPanel } from "./versions.ts";
