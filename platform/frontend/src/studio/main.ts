/** Starts the Music Studio on its page. */
import "../styles/panels.css";
import "../styles/studio.css";
import { soundfontAddress } from "../audio/soundfonts.ts";
import { speak } from "../lib/i18n.ts";
import { readConfig } from "./config.ts";
import { Drafts } from "./drafts.ts";
import { StudioSession } from "./session.ts";
import "./studio.ts";
import type { MusicStudio } from "./studio.ts";
import { Workbench } from "./workbench.ts";

await speak({
  de: [() => import("../words/page.de.json"), () => import("../words/studio.de.json")],
});

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
