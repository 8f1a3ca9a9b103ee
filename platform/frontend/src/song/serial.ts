/** Projects as JSON values, for the browser's own store and for recovery after a crash. */
import {
  flag,
  listOf,
  must,
  oneOf,
  orNull,
  type Read,
  record,
  setOf,
  text,
  whole,
} from "./check.ts";
import type {
  KeySignature,
  Note,
  Project,
  Song,
  TempoChange,
  TimeSignature,
  Track,
} from "./model.ts";
import { tidy } from "./model.ts";

const VERSION = 1;

/** Start, duration, pitch, velocity, id: a note in half the space. */
type NoteRow = readonly [number, number, number, number, number];

export interface SavedProject {
  readonly version: typeof VERSION;
  readonly song: Omit<Song, "tracks"> & {
    readonly tracks: readonly (Omit<Track, "notes"> & { readonly notes: readonly NoteRow[] })[];
  };
  readonly lockedNotes: readonly number[];
  readonly lockedBars: readonly number[];
  readonly muted: readonly number[];
  readonly soloed: readonly number[];
}

/** Return a project as values that JSON can hold; `loadProject` reads them back. */
export function saveProject(project: Project): SavedProject {
  const { song, lockedNotes, lockedBars, muted, soloed } = project;
  const tracks = song.tracks.map((track) => ({ ...track, notes: track.notes.map(rowOf) }));
  return {
    version: VERSION,
    song: { ...song, tracks },
    lockedNotes: [...lockedNotes],
    lockedBars: [...lockedBars],
    muted: [...muted],
    soloed: [...soloed],
  };
}

/** Return the project in saved values, or null if they are damaged or of another version. */
export function loadProject(value: unknown): Project | null {
  return orNull(readProject, value);
}

const rowOf = ({ start, duration, pitch, velocity, id }: Note): NoteRow => [
  start,
  duration,
  pitch,
  velocity,
  id,
];

const natural = whole(0, Number.MAX_SAFE_INTEGER);
const positive = whole(1, Number.MAX_SAFE_INTEGER);
const byte = whole(0, 127);
const velocity = whole(1, 127);

const readNote: Read<Note> = (value) => {
  const row = listOf(natural)(value);
  return {
    start: natural(row[0]),
    duration: positive(row[1]),
    pitch: byte(row[2]),
    velocity: velocity(row[3]),
    id: natural(row[4]),
  };
};

const readNotes: Read<readonly Note[]> = (value) => {
  const notes = listOf(readNote)(value);
  const inOrder = tidy(notes);
  must(
    inOrder.every((note, index) => note === notes[index]),
    "notes are not in order",
  );
  must(inOrder.length === notes.length, "notes overlap");
  return notes;
};

const readTrack = record<Track>({
  id: natural,
  name: text,
  program: byte,
  isDrum: flag,
  volume: byte,
  pan: byte,
  notes: readNotes,
});

const tempo = record<TempoChange>({ tick: natural, usPerBeat: whole(1, 0xffffff) });
const timeSignature = record<TimeSignature>({
  tick: natural,
  numerator: whole(1, 64),
  denominator: oneOf(1, 2, 4, 8, 16, 32, 64),
});
const keySignature = record<KeySignature>({ tick: natural, sharps: whole(-7, 7), isMinor: flag });

function changesOf<T extends { readonly tick: number }>(item: Read<T>): Read<readonly T[]> {
  return (value) => {
    const changes = listOf(item)(value);
    const ascend = changes.every((change, index) => change.tick > (changes[index - 1]?.tick ?? -1));
    must(ascend, "changes are not in order");
    return changes;
  };
}

function fromStart<T extends { readonly tick: number }>(item: Read<T>): Read<readonly T[]> {
  return (value) => {
    const changes = changesOf(item)(value);
    must(changes[0]?.tick === 0, "nothing holds at the start");
    return changes;
  };
}

const readFields = record<Song>({
  tracks: listOf(readTrack),
  tempos: fromStart(tempo),
  timeSignatures: fromStart(timeSignature),
  keySignatures: changesOf(keySignature),
  nextId: natural,
});

const readSong: Read<Song> = (value) => {
  const song = readFields(value);
  const ids = song.tracks.flatMap((track) => [track.id, ...track.notes.map((note) => note.id)]);
  must(new Set(ids).size === ids.length, "two things have one id");
  must(
    ids.every((id) => id < song.nextId),
    "an id was not given out",
  );
  return song;
};

const readProject: Read<Project> = (value) => {
  const { version: _, ...project } = record<Project & { version: typeof VERSION }>({
    version: oneOf(VERSION),
    song: readSong,
    lockedNotes: setOf(natural),
    lockedBars: setOf(positive),
    muted: setOf(natural),
    soloed: setOf(natural),
  })(value);
  return project;
};
