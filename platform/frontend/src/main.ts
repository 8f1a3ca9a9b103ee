/** Everything here improves pages that already work without it. */
import "./styles/site.css";
import { speak } from "./lib/i18n.ts";
import { startCopyButtons } from "./modules/clipboard.ts";
import { startForms } from "./modules/forms.ts";
import { startListening } from "./modules/listening.ts";
import { onContent, startLive } from "./modules/live.ts";
import { showLocalTimes, startCountdowns } from "./modules/local-time.ts";
import { startMenus } from "./modules/menu.ts";
import { startPlayButtons } from "./modules/play-button.ts";
import { watchScrollRegions } from "./modules/scroll-region.ts";
import { startThemes } from "./modules/theme.ts";
import { startUploads } from "./modules/upload.ts";
import { startWavExports } from "./modules/wav-export.ts";
import { tellZone } from "./modules/zone.ts";

await speak({ de: [() => import("./words/page.de.json")] });

startLive();
startMenus();
startThemes();
startForms();
tellZone();

for (const start of [
  showLocalTimes,
  startCountdowns,
  startUploads,
  startCopyButtons,
  watchScrollRegions,
  startPlayButtons,
  startWavExports,
  startListening,
]) {
  onContent(start);
}
