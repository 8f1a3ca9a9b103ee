/** Pages with music to hear or to watch: what does that is fetched where there is some. */
import { find } from "./live.ts";

const PARTS: readonly (readonly [
  selector: string,
  start: (root: ParentNode) => Promise<unknown>,
])[] = [
  ["cp-listen", () => import("../listen/cp-listen.ts")],
  ["[data-player]", async (root) => (await import("./player.ts")).startPlayers(root)],
  ["[data-evolution]", async (root) => (await import("./evolution.ts")).startEvolutions(root)],
];

export function startListening(root: ParentNode): void {
  for (const [selector, start] of PARTS) {
    if (find(root, selector).length > 0) void start(root);
  }
}
