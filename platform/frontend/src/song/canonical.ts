/** What the server keeps of a song: the part of it that a MIDI file can tell. */
import { cleanName } from "./midi/names.ts";
import { endTick, type Song, type Track } from "./model.ts";

/** Return a song as it comes back from a MIDI file; ids stay.
 *
 * A file cannot tell and so does not keep: tracks without notes, changes of tempo or signature that
 * repeat what holds already, or that come when the last note has stopped, and names longer than 80
 * characters or with invisible ones. A canonical song comes back as it is.
 */
export function canonicalSong(song: Song): Song {
  const end = Math.max(endTick(song), 1);
  return {
    ...song,
    tracks: soundingTracks(song).map(withCleanName),
    tempos: effective(song.tempos, end, (c) => c.usPerBeat),
    timeSignatures: effective(song.timeSignatures, end, (c) => `${c.numerator}/${c.denominator}`),
    keySignatures: effective(song.keySignatures, end, (c) => `${c.sharps} ${c.isMinor}`),
  };
}

/** The tracks that the server knows, in its order: those with notes. */
export function soundingTracks(song: Song): readonly Track[] {
  return song.tracks.filter((track) => track.notes.length > 0);
}

function withCleanName(track: Track): Track {
  const name = cleanName(track.name);
  return name === track.name ? track : { ...track, name };
}

function effective<T extends { readonly tick: number }>(
  changes: readonly T[],
  end: number,
  stateOf: (change: T) => string | number,
): readonly T[] {
  let last: string | number | null = null;
  return changes.filter((change) => {
    const repeats = stateOf(change) === last;
    last = stateOf(change);
    return !repeats && change.tick < end;
  });
}
