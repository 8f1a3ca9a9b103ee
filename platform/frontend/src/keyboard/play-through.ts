/** Lets what is played be heard at once. */
import type { SoundEngine } from "../audio/engine.ts";
import type { Part } from "../audio/parts.ts";
import type { NoteInput } from "./note-input.ts";

/** Play `input` on `engine` with the sound that `part` names at that moment. */
export function playThrough(input: NoteInput, engine: SoundEngine, part: () => Part): () => void {
  return input.subscribe((event) => {
    engine.ensure();
    if (event.type === "on") {
      engine.setPart("live", part());
      engine.noteOn("live", event.pitch, event.velocity);
    } else if (event.type === "off") engine.noteOff("live", event.pitch);
    else engine.sustain("live", event.isDown);
  });
}
