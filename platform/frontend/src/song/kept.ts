/** What a MIDI file cannot hold, as the site keeps it: tracks by place, locked notes by where they are. */
import { soundingTracks } from "./canonical.ts";
import { listOf, orNull, whole } from "./check.ts";
import { type Project, projectOf, type Song } from "./model.ts";

export interface KeptSettings {
  /** Tracks with notes, counted from 0. */
  readonly muted: readonly number[];
  readonly soloed: readonly number[];
  /** Bars, counted from 1. */
  readonly locked_bars: readonly number[];
  /** Track, start in ticks and pitch of each. */
  readonly locked_notes: readonly (readonly [number, number, number])[];
}

type Row = Readonly<Record<string, unknown>>;

export function settingsOf({
  song,
  muted,
  soloed,
  lockedBars,
  lockedNotes,
}: Project): KeptSettings {
  const tracks = soundingTracks(song);
  const places = (ids: ReadonlySet<number>) =>
    [...tracks.keys()].filter((place) => ids.has(tracks[place]?.id ?? -1));
  return {
    muted: places(muted),
    soloed: places(soloed),
    locked_bars: [...lockedBars].sort((a, b) => a - b),
    locked_notes: tracks.flatMap(({ notes }, place) =>
      notes
        .filter((note) => lockedNotes.has(note.id))
        .map(({ start, pitch }) => [place, start, pitch] as const),
    ),
  };
}

/** Return the project of a song with settings that the site kept; what no longer fits is left out. */
export function withSettings(song: Song, kept: Row): Project {
  const tracks = soundingTracks(song);
  const ids = (value: unknown) =>
    new Set(numbersIn(value).flatMap((place) => tracks[place]?.id ?? []));
  const locked = orNull(listOf(listOf(natural)), kept.locked_notes ?? []) ?? [];
  return {
    ...projectOf(song),
    muted: ids(kept.muted),
    soloed: ids(kept.soloed),
    lockedBars: new Set(numbersIn(kept.locked_bars).filter((bar) => bar > 0)),
    lockedNotes: new Set(
      locked.flatMap(
        ([place = -1, start, pitch]) =>
          tracks[place]?.notes.find((n) => n.start === start && n.pitch === pitch)?.id ?? [],
      ),
    ),
  };
}

const natural = whole(0, 2 ** 30);

function numbersIn(value: unknown): readonly number[] {
  return orNull(listOf(natural), value ?? []) ?? [];
}
