/** What a person does to tracks, as named commands of the document. */
import { t } from "../lib/i18n.ts";
import type { StudioDocument } from "../song/document.ts";
import { addTrack, changeTrack, moveTrack, removeTrack, withSong } from "../song/edits.ts";
import { type Project, type Song, type Track, trackOf } from "../song/model.ts";
import { lockingNotes } from "./locks.ts";
import { toggled, without } from "./sets.ts";

export type TrackChange = Partial<Omit<Track, "id" | "notes">>;

const song = (edit: (song: Song) => Song) => (project: Project) =>
  withSong(project, edit(project.song));

const numbered = (number: number): string => t("Track {number}", { number });

/** How a track is called: by its name, or by its place. */
export function titleOf(of: Song, track: Track): string {
  return track.name || numbered(of.tracks.indexOf(track) + 1);
}

/** Show a change of a track while a slider moves. */
export function previewTrack(document: StudioDocument, id: number, change: TrackChange): void {
  document.preview(song((s) => changeTrack(s, id, change)));
}

export function change(document: StudioDocument, name: string, id: number, to: TrackChange): void {
  document.run(name, (project) => {
    const track = trackOf(project.song, id);
    const keys = Object.keys(to) as (keyof TrackChange)[];
    if (!track || keys.every((key) => track[key] === to[key])) return project;
    return withSong(project, changeTrack(project.song, id, to));
  });
}

/** Add an empty track; return its id. */
export function add(document: StudioDocument): number {
  const { nextId, tracks } = document.committed.song;
  document.run(
    t("Add a track"),
    song((s) => addTrack(s, { name: numbered(tracks.length + 1) })),
  );
  return nextId;
}

/** Put a copy after the track; return its id. */
export function duplicate(document: StudioDocument, track: Track): number {
  const { nextId, tracks } = document.committed.song;
  const { id: _, ...about } = track;
  const copy = { ...about, name: t("{track} copy", { track: track.name }).trim() };
  document.run(
    t("Duplicate {track}", { track: titleOf(document.committed.song, track) }),
    song((s) => addTrack(s, copy, tracks.indexOf(track) + 1)),
  );
  return nextId;
}

/** Remove a track, and forget what was known of it. */
export function remove(document: StudioDocument, track: Track): void {
  const gone = new Set([track.id]);
  const name = t("Remove {track}", { track: titleOf(document.committed.song, track) });
  document.run(name, (project) => ({
    ...project,
    song: removeTrack(project.song, track.id),
    muted: without(project.muted, gone),
    soloed: without(project.soloed, gone),
    lockedNotes: without(project.lockedNotes, new Set(track.notes.map((note) => note.id))),
  }));
}

export function moveBy(document: StudioDocument, track: Track, by: 1 | -1): void {
  const at = document.committed.song.tracks.indexOf(track);
  document.run(
    by < 0
      ? t("Move {track} up", { track: titleOf(document.committed.song, track) })
      : t("Move {track} down", { track: titleOf(document.committed.song, track) }),
    song((s) => moveTrack(s, track.id, at + by)),
  );
}

export function toggleMute(document: StudioDocument, track: Track): void {
  const title = titleOf(document.committed.song, track);
  const name = document.committed.muted.has(track.id)
    ? t("Unmute {track}", { track: title })
    : t("Mute {track}", { track: title });
  document.run(name, (project) => ({
    ...project,
    muted: toggled(project.muted, track.id),
  }));
}

export function toggleSolo(document: StudioDocument, track: Track): void {
  const title = titleOf(document.committed.song, track);
  const name = document.committed.soloed.has(track.id)
    ? t("End solo of {track}", { track: title })
    : t("Solo {track}", { track: title });
  document.run(name, (project) => ({
    ...project,
    soloed: toggled(project.soloed, track.id),
  }));
}

/** Whether every note of a track is locked; an empty track is not. */
export function isTrackLocked(project: Project, track: Track): boolean {
  return track.notes.length > 0 && track.notes.every((note) => project.lockedNotes.has(note.id));
}

/** Lock or unlock all notes of a track. */
export function toggleLock(document: StudioDocument, track: Track): void {
  const lock = !isTrackLocked(document.committed, track);
  const ids = new Set(track.notes.map((note) => note.id));
  const title = titleOf(document.committed.song, track);
  const name = lock ? t("Lock {track}", { track: title }) : t("Unlock {track}", { track: title });
  document.run(name, lockingNotes(ids, lock));
}
