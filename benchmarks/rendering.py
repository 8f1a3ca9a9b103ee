"""How fast the server turns music to sound, and how large the sound is.

`python -m benchmarks.rendering` plays a minute of five instruments with the site's own renderer, as
a worker does: a process of Node for each piece, then the encoder.
"""

import resource
import statistics
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

RUNS = 3
BEATS = 120  # one minute at 120 beats a minute
PARTS = ((0, 60, 0.5), (32, 36, 1.0), (48, 55, 2.0), (24, 50, 0.25))  # program, lowest pitch, step


def main() -> None:
    """Measure rendering and encoding of one piece, the whole of it each time."""
    import os

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from benchmarks.report import show

    song = ensemble()
    runs = [_measured(song.to_midi()) for _ in range(RUNS)]
    figures: dict[str, Any] = {
        name: round(statistics.median(run[name] for run in runs), 3) for name in runs[0]
    }
    for name in ("s", "cpu_s"):  # the second is what a busy machine does not change
        figures[f"times_real_time_{name}"] = round(
            song.duration_seconds / figures[f"render_{name}"], 1
        )
    show("rendering", {"notes": song.n_notes, "music_s": song.duration_seconds, **figures})


def ensemble() -> Any:
    """Return a minute of four instruments and drums."""
    from ml.music import TICKS_PER_BEAT, Notes, Song, Track

    tracks = []
    for program, low, step in PARTS:
        count = int(BEATS / step)
        start = [int(n * step * TICKS_PER_BEAT) for n in range(count)]
        pitch = [low + 7 * n % 12 for n in range(count)]
        length = [int(step * TICKS_PER_BEAT)] * count
        notes = Notes.tidy(pitch, start, length, [80] * count)
        tracks.append(Track(f"Part {program}", program, False, notes))
    beat = [TICKS_PER_BEAT * n // 2 for n in range(2 * BEATS)]
    kit = Notes.tidy([(36, 42, 38, 42)[n % 4] for n in range(len(beat))], beat, [60] * len(beat),
                     [90] * len(beat))  # fmt: skip
    return Song((*tracks, Track("Drums", 0, True, kit)))


def _measured(midi: bytes) -> dict[str, float]:
    from studio.services.renderings import MAX_SECONDS
    from workers.encoding import encode_mp3
    from workers.node_process import render_wav

    with tempfile.TemporaryDirectory() as folder:
        song, wav, mp3 = (Path(folder, f"song.{ending}") for ending in ("mid", "wav", "mp3"))
        song.write_bytes(midi)
        clock = [(time.perf_counter(), _cpu_seconds())]
        render_wav(song, wav, max_seconds=MAX_SECONDS, report=lambda _: None)
        clock.append((time.perf_counter(), _cpu_seconds()))
        seconds, _ = encode_mp3(wav, mp3)
        clock.append((time.perf_counter(), _cpu_seconds()))
        (render_s, render_cpu_s), (encode_s, encode_cpu_s) = (
            (after[0] - before[0], after[1] - before[1]) for before, after in pairwise(clock)
        )
        return {
            "render_s": render_s,
            "render_cpu_s": render_cpu_s,
            "encode_s": encode_s,
            "encode_cpu_s": encode_cpu_s,
            "sound_s": seconds,
            "wav_bytes": wav.stat().st_size,
            "mp3_bytes": mp3.stat().st_size,
        }


def _cpu_seconds() -> float:
    """Return the processor time of this process and of those that it started, which have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main()
