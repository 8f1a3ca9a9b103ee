"""Turns music to sound: jobs of kind `render`, made by `studio`."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from jobs.models import Job
from studio.files import bytes_at, store_file
from studio.kinds import RENDER
from studio.models import AudioFormat, Rendering
from studio.services.renderings import MAX_SECONDS, Sound, record_rendering
from workers import handlers
from workers.context import Context
from workers.encoding import encode_mp3, seconds_of
from workers.node_process import render_wav

RENDER_SHARE = 0.8  # of the work; the rest is encoding and storing


def render(job: Job, context: Context) -> handlers.Record:
    """Make the sound of a canonical MIDI file and store it.

    The same file and engine give the same sound, so it is named by both and never stored twice.
    """
    rendering = Rendering.objects.get(job=job)
    with tempfile.TemporaryDirectory(prefix="counterpoint-render-") as folder:
        midi, wav = Path(folder, "song.mid"), Path(folder, "song.wav")
        midi.write_bytes(bytes_at(rendering.midi_key))
        render_wav(
            midi,
            wav,
            max_seconds=MAX_SECONDS,
            report=lambda share: context.report(RENDER_SHARE * share, _("Playing the piece")),
        )
        context.report(RENDER_SHARE, _("Writing the sound down"))
        sound = _stored(rendering, wav)

    def record() -> dict[str, Any]:
        record_rendering(rendering_id=rendering.pk, sound=sound)
        return {"key": sound.key, "seconds": sound.seconds}

    return record


def _stored(rendering: Rendering, wav: Path) -> Sound:
    path, peaks = wav, list[int]()
    if rendering.format == AudioFormat.MP3:
        path = wav.with_suffix(".mp3")
        seconds, peaks = encode_mp3(wav, path)
    else:
        seconds = seconds_of(wav)
    key = key_of(rendering)
    store_file(key, path)
    return Sound(key=key, size=path.stat().st_size, seconds=seconds, peaks=peaks)


def key_of(rendering: Rendering) -> str:
    """Return where the sound lies: named by the music and by what plays it."""
    engine = hashlib.sha256(rendering.engine.encode()).hexdigest()[:8]
    music = rendering.midi_sha256
    return f"audio/{music[:2]}/{music}-{engine}.{rendering.format}"


handlers.register(RENDER, render)
