/**
 * The Studio's one representation of music, the same as the server's canonical song.
 *
 * Times are ticks of 1/480 beat (a beat is a quarter note) from the start of the piece. Everything
 * is immutable: an edit makes a new song that shares what it left alone. A song holds what a MIDI
 * file can hold; what only the Studio knows (locks, mute, solo) is the project's.
 */
export const TICKS_PER_BEAT = 480;
export const DEFAULT_TEMPO = 500_000;
export const DEFAULT_VOLUME = 100;
export const CENTER = 64;

export interface Note {
  /** Unique within the song, and kept by every edit that keeps the note. */
  readonly id: number;
  readonly start: number;
  /** Ticks, 1 or more. */
  readonly duration: number;
  /** 0 to 127; 60 is C4. */
  readonly pitch: number;
  /** 1 to 127. */
  readonly velocity: number;
}

export interface Track {
  readonly id: number;
  readonly name: string;
  /** General MIDI, 0 to 127. */
  readonly program: number;
  readonly isDrum: boolean;
  /** 0 to 127. */
  readonly volume: number;
  /** 0 (left) to 127 (right). */
  readonly pan: number;
  /** Sorted by start, then pitch; notes of one pitch never overlap. */
  readonly notes: readonly Note[];
}

export interface TempoChange {
  readonly tick: number;
  /** Microseconds per beat, 1 to 16 777 215. */
  readonly usPerBeat: number;
}

export interface TimeSignature {
  readonly tick: number;
  readonly numerator: number;
  /** A power of two. */
  readonly denominator: number;
}

export interface KeySignature {
  readonly tick: number;
  /** -7 to 7; negative: flats. */
  readonly sharps: number;
  readonly isMinor: boolean;
}

/** Tempos and time signatures begin at tick 0 and are sorted; key signatures may be empty. */
export interface Song {
  readonly tracks: readonly Track[];
  readonly tempos: readonly TempoChange[];
  readonly timeSignatures: readonly TimeSignature[];
  readonly keySignatures: readonly KeySignature[];
  /** The next id of a note or track. */
  readonly nextId: number;
}

export type NewNote = Omit<Note, "id">;
export type NewTrack = Partial<Omit<Track, "id" | "notes">> & {
  readonly notes?: readonly NewNote[];
};

/** Everything that undo brings back: the song, and what the Studio knows about it. */
export interface Project {
  readonly song: Song;
  readonly lockedNotes: ReadonlySet<number>;
  /** Bars counted from 1. */
  readonly lockedBars: ReadonlySet<number>;
  readonly muted: ReadonlySet<number>;
  readonly soloed: ReadonlySet<number>;
}

export const EMPTY_SONG: Song = {
  tracks: [],
  tempos: [{ tick: 0, usPerBeat: DEFAULT_TEMPO }],
  timeSignatures: [{ tick: 0, numerator: 4, denominator: 4 }],
  keySignatures: [],
  nextId: 1,
};

export function projectOf(song: Song): Project {
  const none: ReadonlySet<number> = new Set();
  return { song, lockedNotes: none, lockedBars: none, muted: none, soloed: none };
}

/** Return notes in canonical order, as `ml.music.Notes.tidy` does on the server.
 *
 * Notes that begin together on one pitch become one (the longest, the loudest; the first id), a
 * note is cut where the next of its pitch begins.
 */
export function tidy(notes: readonly Note[]): Note[] {
  const byPitch = [...notes].sort((a, b) => a.pitch - b.pitch || a.start - b.start || a.id - b.id);
  const merged: Note[] = [];
  for (const note of byPitch) {
    const last = merged.at(-1);
    if (last === undefined || last.pitch !== note.pitch) {
      merged.push(note);
    } else if (last.start === note.start) {
      const duration = Math.max(last.duration, note.duration);
      const velocity = Math.max(last.velocity, note.velocity);
      merged[merged.length - 1] = { ...last, duration, velocity };
    } else {
      if (last.start + last.duration > note.start) {
        merged[merged.length - 1] = { ...last, duration: note.start - last.start };
      }
      merged.push(note);
    }
  }
  return merged.sort((a, b) => a.start - b.start || a.pitch - b.pitch);
}

export function endOf(note: Pick<Note, "start" | "duration">): number {
  return note.start + note.duration;
}

/** Tick at which the last note has stopped; 0 without notes. */
export function endTick(song: Song): number {
  let end = 0;
  for (const track of song.tracks) {
    for (const note of track.notes) end = Math.max(end, endOf(note));
  }
  return end;
}

export function countNotes(song: Song): number {
  return song.tracks.reduce((sum, track) => sum + track.notes.length, 0);
}

export function trackOf(song: Song, trackId: number): Track | undefined {
  return song.tracks.find((track) => track.id === trackId);
}

/** Tracks that are heard: the soloed ones if there are any, never a muted one. */
export function audibleTracks(project: Project): readonly Track[] {
  const { soloed, muted } = project;
  return project.song.tracks.filter(
    (track) => !muted.has(track.id) && (soloed.size === 0 || soloed.has(track.id)),
  );
}
