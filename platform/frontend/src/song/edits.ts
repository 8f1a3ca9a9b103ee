/** Edits of a song, each a pure function. What they do not touch is shared with the old song. */
import {
  CENTER,
  DEFAULT_VOLUME,
  type NewNote,
  type NewTrack,
  type Note,
  type Project,
  type Song,
  type Track,
  tidy,
} from "./model.ts";

export type NoteIds = ReadonlySet<number>;

const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

export function withSong(project: Project, song: Song): Project {
  return song === project.song ? project : { ...project, song };
}

export function addTrack(song: Song, track: NewTrack, at = song.tracks.length): Song {
  const { notes = [], ...about } = track;
  const id = song.nextId;
  const added: Track = {
    id,
    name: "",
    program: 0,
    isDrum: false,
    volume: DEFAULT_VOLUME,
    pan: CENTER,
    ...about,
    notes: tidy(notes.map((note, index) => ({ ...note, id: id + 1 + index }))),
  };
  return { ...song, tracks: song.tracks.toSpliced(at, 0, added), nextId: id + 1 + notes.length };
}

export function removeTrack(song: Song, trackId: number): Song {
  return { ...song, tracks: song.tracks.filter((track) => track.id !== trackId) };
}

export function moveTrack(song: Song, trackId: number, to: number): Song {
  const moved = song.tracks.find((track) => track.id === trackId);
  if (!moved) return song;
  const others = song.tracks.filter((track) => track !== moved);
  return { ...song, tracks: others.toSpliced(clamp(to, 0, others.length), 0, moved) };
}

export function changeTrack(
  song: Song,
  trackId: number,
  change: Partial<Omit<Track, "id" | "notes">>,
): Song {
  return mapTracks(song, (track) => (track.id === trackId ? { ...track, ...change } : track));
}

export function addNotes(song: Song, trackId: number, notes: readonly NewNote[]): Song {
  if (notes.length === 0) return song;
  const added = notes.map((note, index) => ({ ...note, id: song.nextId + index }));
  const changed = mapTracks(song, (track) =>
    track.id === trackId ? { ...track, notes: tidy([...track.notes, ...added]) } : track,
  );
  return changed === song ? song : { ...changed, nextId: song.nextId + added.length };
}

export function removeNotes(song: Song, ids: NoteIds): Song {
  return mapNoteLists(song, ids, (notes) => notes.filter((note) => !ids.has(note.id)));
}

/** Change notes one by one; a note that does not change must be returned as it is. */
export function changeNotes(song: Song, ids: NoteIds, change: (note: Note) => Note): Song {
  return mapNoteLists(song, ids, (notes) =>
    tidy(notes.map((note) => (ids.has(note.id) ? change(note) : note))),
  );
}

/** Move notes together, as far as the first of them can go; only `transposable` ones up or down. */
export function moveNotes(song: Song, ids: NoteIds, ticks: number, semitones: number): Song {
  const chosen = notesWith(song, ids);
  if (chosen.length === 0) return song;
  const first = Math.min(...chosen.map((note) => note.start));
  const pitched = transposable(song, ids);
  const pitches = chosen.filter((note) => pitched.has(note.id)).map((note) => note.pitch);
  const later = Math.max(ticks, -first);
  const higher = clamp(semitones, -Math.min(...pitches), 127 - Math.max(...pitches));
  if (later === 0 && higher === 0) return song;
  return changeNotes(song, later === 0 ? pitched : ids, (note) => ({
    ...note,
    start: note.start + later,
    pitch: note.pitch + (pitched.has(note.id) ? higher : 0),
  }));
}

/** Those of the notes that go up or down: the pitched ones; drums, if there are no others.
 *
 * A snare a third higher is a high tom, so that drums stay what they are when a piece is transposed.
 */
export function transposable(song: Song, ids: NoteIds): NoteIds {
  const found = song.tracks.filter((track) => !track.isDrum).flatMap((track) => track.notes);
  const pitched = found.filter((note) => ids.has(note.id));
  return pitched.length === 0 ? ids : new Set(pitched.map((note) => note.id));
}

/** Make notes longer or shorter; none gets shorter than `least`. */
export function resizeNotes(song: Song, ids: NoteIds, ticks: number, least = 1): Song {
  return changeNotes(song, ids, (note) => {
    const duration = Math.max(Math.min(least, note.duration), note.duration + ticks);
    return duration === note.duration ? note : { ...note, duration };
  });
}

export function setVelocity(song: Song, ids: NoteIds, of: (note: Note) => number): Song {
  return changeNotes(song, ids, (note) => {
    const velocity = clamp(Math.round(of(note)), 1, 127);
    return velocity === note.velocity ? note : { ...note, velocity };
  });
}

/** Keep the music from tick `from` to tick `until`, moved to the start of the piece. */
export function trim(song: Song, from: number, until: number): Song {
  const shorter = mapTracks(song, (track) => ({
    ...track,
    notes: track.notes.flatMap((note) => {
      const start = Math.max(note.start, from);
      const end = Math.min(note.start + note.duration, until);
      return end > start ? [{ ...note, start: start - from, duration: end - start }] : [];
    }),
  }));
  return {
    ...shorter,
    tempos: shifted(song.tempos, from),
    timeSignatures: shifted(song.timeSignatures, from),
    keySignatures: shifted(song.keySignatures, from),
  };
}

function shifted<T extends { readonly tick: number }>(changes: readonly T[], by: number): T[] {
  const before = changes.findLastIndex((change) => change.tick <= by);
  return changes
    .slice(Math.max(before, 0))
    .map((change) => ({ ...change, tick: Math.max(change.tick - by, 0) }));
}

export function notesWith(song: Song, ids: NoteIds): Note[] {
  return song.tracks.flatMap((track) => track.notes.filter((note) => ids.has(note.id)));
}

function mapTracks(song: Song, change: (track: Track) => Track): Song {
  const tracks = song.tracks.map(change);
  return tracks.every((track, index) => track === song.tracks[index]) ? song : { ...song, tracks };
}

function mapNoteLists(
  song: Song,
  ids: NoteIds,
  change: (notes: readonly Note[]) => readonly Note[],
): Song {
  return mapTracks(song, (track) => {
    if (!track.notes.some((note) => ids.has(note.id))) return track;
    const notes = change(track.notes);
    const same =
      notes.length === track.notes.length && notes.every((n, index) => n === track.notes[index]);
    return same ? track : { ...track, notes };
  });
}
