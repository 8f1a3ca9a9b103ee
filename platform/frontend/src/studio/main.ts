/** Starts the Music Studio on its page. */
import "../styles/panels.css";
import "../styles/studio.css";
import { soundfontAddress } from "../audio/soundfonts.ts";
import { readConfig } from "./config.ts";
import { Drafts } from "./drafts.ts";
import { StudioSession } from "./session.ts";
import "./studio.ts";
import type { MusicStudio } from "./studio.ts";
import { Workbench } from "./workbench.ts";

const place = document.querySelector("[data-studio]");
if (place) {
  const drafts = new Drafts();
  const studio = document.createElement("cp-studio") as MusicStudio;
  studio.config = readConfig();
  studio.drafts = drafts;
  studio.bench = new Workbench(new StudioSession(drafts), (sound) => soundfontAddress(sound));
  place.replaceWith(studio);
  void drafts.tidy().catch(() => undefined);
}
