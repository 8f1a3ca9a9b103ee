/** Songs for property tests: any that the model allows, small enough to read when one fails. */
import fc from "fast-check";
import { addTrack } from "../src/song/edits.ts";
import {
  EMPTY_SONG,
  type KeySignature,
  type NewNote,
  type NewTrack,
  type Note,
  type Project,
  type Song,
  type TempoChange,
  type TimeSignature,
  tidy,
} from "../src/song/model.ts";

const LAST_TICK = 20_000;
const PLAIN = { noNullPrototype: true } as const;

export const newNote: fc.Arbitrary<NewNote> = fc.record(
  {
    start: fc.nat(LAST_TICK),
    duration: fc.integer({ min: 1, max: 4000 }),
    pitch: fc.integer({ min: 55, max: 67 }),
    velocity: fc.integer({ min: 1, max: 127 }),
  },
  PLAIN,
);

export const newTrack: fc.Arbitrary<NewTrack> = fc.record({
  name: fc.string({ unit: "grapheme", maxLength: 12 }),
  program: fc.nat(127),
  isDrum: fc.boolean(),
  volume: fc.nat(127),
  pan: fc.nat(127),
  notes: fc.array(newNote, { maxLength: 12 }),
});

/** Notes in canonical order, with ids. */
export const notes: fc.Arbitrary<Note[]> = fc
  .array(newNote, { maxLength: 30 })
  .map((found) => tidy(found.map((note, id) => ({ ...note, id }))));

/** Changes in order, one a tick, with the first of `base` at tick 0 where there is one. */
function changes<T extends { readonly tick: number }>(
  base: readonly T[],
  value: fc.Arbitrary<Omit<T, "tick">>,
): fc.Arbitrary<T[]> {
  const later = fc.array(fc.tuple(fc.nat(LAST_TICK), value), { maxLength: 4 });
  return later.map((found) => {
    const byTick = new Map<number, T>(base.map((change) => [change.tick, change]));
    for (const [tick, about] of found) byTick.set(tick, { ...about, tick } as T);
    return [...byTick.values()].sort((a, b) => a.tick - b.tick);
  });
}

const tempo = fc.record({ usPerBeat: fc.integer({ min: 10_000, max: 2_000_000 }) });
const timeSignature = fc.record({
  numerator: fc.integer({ min: 1, max: 16 }),
  denominator: fc.constantFrom(1, 2, 4, 8, 16, 32, 64),
});
const keySignature = fc.record({
  sharps: fc.integer({ min: -7, max: 7 }),
  isMinor: fc.boolean(),
});

export const song: fc.Arbitrary<Song> = fc
  .record({
    tracks: fc.array(newTrack, { maxLength: 20 }),
    tempos: changes<TempoChange>(EMPTY_SONG.tempos, tempo),
    timeSignatures: changes<TimeSignature>(EMPTY_SONG.timeSignatures, timeSignature),
    keySignatures: changes<KeySignature>([], keySignature),
  })
  .map(({ tracks, ...about }) =>
    tracks.reduce<Song>((made, track) => addTrack(made, track), { ...EMPTY_SONG, ...about }),
  );

/** Some of the song's notes. */
export const songAndIds: fc.Arbitrary<readonly [Song, Set<number>]> = song.chain((made) => {
  const ids = made.tracks.flatMap((track) => track.notes.map((note) => note.id));
  return fc.subarray(ids).map((chosen) => [made, new Set(chosen)] as const);
});

export const project: fc.Arbitrary<Project> = songAndIds.chain(([made, lockedNotes]) => {
  const someTracks = fc.subarray(made.tracks.map((track) => track.id)).map((ids) => new Set(ids));
  return fc.record(
    {
      song: fc.constant(made),
      lockedNotes: fc.constant(lockedNotes),
      lockedBars: fc.uniqueArray(fc.integer({ min: 1, max: 20 })).map((bars) => new Set(bars)),
      muted: someTracks,
      soloed: someTracks,
    },
    PLAIN,
  );
});

/** A song without its ids, to compare music alone. */
export function music(made: Song): unknown {
  const { nextId: _, tracks, ...about } = made;
  return {
    ...about,
    tracks: tracks.map(({ id: _id, notes: found, ...track }) => ({
      ...track,
      notes: found.map(({ id: _noteId, ...note }) => note),
    })),
  };
}
