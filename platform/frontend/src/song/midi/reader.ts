/** From the bytes of a file to a song, as `ml.music.reader` reads it on the server. */
import { t } from "../../lib/i18n.ts";
import { canonicalSong } from "../canonical.ts";
import { addTrack } from "../edits.ts";
import {
  CENTER,
  countNotes,
  DEFAULT_VOLUME,
  EMPTY_SONG,
  endTick,
  type NewTrack,
  type Song,
  TICKS_PER_BEAT,
} from "../model.ts";
import { secondsAt } from "../time.ts";
import { openContainer } from "./container.ts";
import { walk } from "./events.ts";
import {
  grouped,
  MAX_BEATS,
  MAX_CHANGES,
  MAX_NOTES,
  MAX_SECONDS,
  MAX_TICK,
  MAX_TRACKS,
  MidiProblem,
} from "./problem.ts";
import {
  DRUM_CHANNEL,
  type FoundChanges,
  PAN,
  type Part,
  TrackReader,
  VOLUME,
} from "./track-reader.ts";

/** Return the song in the bytes of any file whatsoever.
 *
 * Each channel and program of each track of the file becomes a track, channel 10 the drums. Times
 * are scaled to 480 ticks a beat, halves rounded up. Notes that never end are dropped. Volume and
 * pan are the first that a part is given. Throws `MidiProblem`.
 */
export function readMidi(bytes: Uint8Array): Song {
  const { ticksPerBeat, tracks } = openContainer(bytes);
  const changes: FoundChanges = { tempos: [], timeSignatures: [], keySignatures: [] };
  const scale = scaleFrom(ticksPerBeat);
  let noteOns = 0;
  const found = tracks.flatMap((body, index) => {
    const reader = new TrackReader(changes);
    const ticks = walk(body, index + 1, reader);
    noteOns += reader.noteOns;
    checkCounts(noteOns, Math.max(ticks, scale(ticks)), ticks / ticksPerBeat);
    return reader.parts.map((part) => newTrack(reader, part, scale));
  });
  const song = canonicalSong(
    found.reduce((whole, track) => addTrack(whole, track), within(changes, scale)),
  );
  checkSong(song);
  return song;
}

type Scale = (tick: number) => number;

/** Ticks of the file as ticks of 1/480 beat, halves rounded up. */
function scaleFrom(ticksPerBeat: number): Scale {
  return (tick) => Math.floor((2 * tick * TICKS_PER_BEAT + ticksPerBeat) / (2 * ticksPerBeat));
}

function newTrack(reader: TrackReader, part: Part, scale: Scale): NewTrack {
  return {
    name: reader.name,
    program: part.program,
    isDrum: part.channel === DRUM_CHANNEL,
    volume: reader.setting(VOLUME, part) ?? DEFAULT_VOLUME,
    pan: reader.setting(PAN, part) ?? CENTER,
    notes: part.notes.map(({ start, end, pitch, velocity }) => ({
      start: scale(start),
      duration: Math.max(scale(end) - scale(start), 1),
      pitch,
      velocity,
    })),
  };
}

/** A song without tracks that has the changes; where several share a tick, the last one written holds. */
function within(changes: FoundChanges, scale: Scale): Song {
  const counts = Object.values(changes).map((list: readonly unknown[]) => list.length);
  checkChanges(Math.max(...counts));
  const tempos = inOrder([...EMPTY_SONG.tempos, ...changes.tempos], scale);
  if (tempos.some((change) => change.usPerBeat === 0)) {
    throw new MidiProblem(
      "bad_tempo",
      t(
        "The file sets a tempo of 0 microseconds per beat, which cannot be played. Set a tempo, such as 120, and export it again.",
      ),
    );
  }
  return {
    ...EMPTY_SONG,
    tempos,
    timeSignatures: inOrder([...EMPTY_SONG.timeSignatures, ...changes.timeSignatures], scale),
    keySignatures: inOrder(changes.keySignatures, scale),
  };
}

function inOrder<T extends { readonly tick: number }>(found: readonly T[], scale: Scale): T[] {
  const byTick = found.toSorted((a, b) => a.tick - b.tick);
  const last = new Map(byTick.map((change) => [scale(change.tick), change]));
  return [...last].map(([tick, change]) => ({ ...change, tick }));
}

function checkCounts(noteOns: number, ticks: number, beats: number): void {
  if (noteOns > MAX_NOTES) throw tooManyNotes(noteOns);
  if (ticks > MAX_TICK) {
    throw new MidiProblem(
      "too_long",
      t(
        "The last event lies {beats} beats after the start; at most {max_beats} beats are accepted. Remove the empty stretch.",
        { beats: grouped(Math.floor(beats)), max_beats: grouped(MAX_BEATS) },
      ),
    );
  }
}

function checkChanges(count: number): void {
  if (count <= MAX_CHANGES) return;
  throw new MidiProblem(
    "too_many_changes",
    t(
      "The tempo, time or key signature changes {count} times; at most {max_changes} changes are accepted. Thin out the tempo curve.",
      { count: grouped(count), max_changes: grouped(MAX_CHANGES) },
    ),
  );
}

function checkSong(song: Song): void {
  const notes = countNotes(song);
  if (notes === 0) {
    throw new MidiProblem(
      "no_notes",
      t("The file holds no note that sounds. Record or write some notes first."),
    );
  }
  if (notes > MAX_NOTES) throw tooManyNotes(notes);
  if (song.tracks.length > MAX_TRACKS) {
    throw new MidiProblem(
      "too_many_tracks",
      t(
        "The piece uses {tracks} instruments on separate tracks or channels; at most {limit} are accepted. Join those that play the same sound.",
        { tracks: song.tracks.length, limit: MAX_TRACKS },
      ),
    );
  }
  checkLength(song);
}

function checkLength(song: Song): void {
  const beats = endTick(song) / TICKS_PER_BEAT;
  const seconds = secondsAt(song.tempos, endTick(song));
  if (beats <= MAX_BEATS && seconds <= MAX_SECONDS) return;
  const whole = Math.round(seconds);
  throw new MidiProblem(
    "too_long",
    t(
      "The piece lasts {minutes} min {seconds} s ({beats} beats); at most {max_minutes} minutes and {max_beats} beats are accepted. Check for a stray note far behind the end.",
      {
        minutes: grouped(Math.floor(whole / 60)),
        seconds: whole % 60,
        beats: grouped(Math.round(beats)),
        max_minutes: MAX_SECONDS / 60,
        max_beats: grouped(MAX_BEATS),
      },
    ),
  );
}

function tooManyNotes(count: number): MidiProblem {
  return new MidiProblem(
    "too_many_notes",
    t(
      "The piece has {count} notes or more; at most {max_notes} are accepted. Choose a shorter piece or a thinner arrangement.",
      { count: grouped(count), max_notes: grouped(MAX_NOTES) },
    ),
  );
}
