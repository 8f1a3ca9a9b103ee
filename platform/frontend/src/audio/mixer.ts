/** Lets a synthesizer follow the tracks of a document. */
import type { StudioDocument } from "../song/document.ts";
import { audibleTracks, type Project } from "../song/model.ts";
import type { SoundEngine } from "./engine.ts";

/** Give every track its sound, volume, pan, mute and solo, now and after each change. */
export function connectMixer(
  document: Pick<StudioDocument, "project" | "subscribe">,
  engine: SoundEngine,
): () => void {
  let shown = new Set<number>();
  let last: Project | null = null;
  const follow = () => {
    const { project } = document;
    if (project === last) return;
    last = project;
    const audible = new Set(audibleTracks(project).map((track) => track.id));
    const now = new Set(project.song.tracks.map((track) => track.id));
    for (const id of shown) if (!now.has(id)) engine.removePart(id);
    for (const { id, program, isDrum, volume, pan } of project.song.tracks) {
      engine.setPart(id, { program, isDrum, volume, pan, isMuted: !audible.has(id) });
    }
    shown = now;
  };
  follow();
  return document.subscribe(follow);
}
