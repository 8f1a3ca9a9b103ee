/** What a picture of the roll is made from. */
import type { Project, Track } from "../song/model.ts";
import type { Loop } from "./desk.ts";
import type { Layout } from "./layout.ts";
import type { Ids } from "./sets.ts";
import type { Theme } from "./theme.ts";
import type { View } from "./view.ts";

export interface OverlayNote {
  readonly start: number;
  readonly duration: number;
  readonly pitch: number;
}

/** Two versions compared: what the newer one has more, and what it lacks. */
export interface Overlay {
  readonly added: readonly OverlayNote[];
  readonly removed: readonly OverlayNote[];
}

export interface Scene {
  readonly project: Project;
  readonly view: View;
  readonly layout: Layout;
  readonly theme: Theme;
  /** Tracks that are drawn, the active one first. */
  readonly shown: readonly Track[];
  readonly snap: number;
  readonly loop: Loop | null;
  readonly overlay: Overlay | null;
  /** Another version, drawn as empty outlines behind the notes. */
  readonly ghost: Project | null;
  /** Keys that sound now. */
  readonly sounding: Ids;
}

/** The column of a track in the song, which chooses its color. */
export function orderOf(project: Project, track: Track): number {
  return Math.max(
    project.song.tracks.findIndex((other) => other.id === track.id),
    0,
  );
}
