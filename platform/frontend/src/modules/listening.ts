/** Pages with music to hear: what plays it is fetched where there is some. */
import { find } from "./live.ts";

export function startListening(root: ParentNode): void {
  if (find(root, "cp-listen").length > 0) void import("../listen/cp-listen.ts");
  if (find(root, "[data-player]").length === 0) return;
  void import("./player.ts").then(({ startPlayers }) => startPlayers(root));
}
