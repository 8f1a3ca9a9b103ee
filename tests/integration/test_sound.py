"""Sound from the request to the file, with the real renderer."""

from datetime import timedelta

import numpy as np
import pytest
import soundfile as sf
from django.core.files.storage import default_storage
from django.utils import timezone

from jobs.models import Job
from jobs.services import claim, fail
from jobs.states import Fault, Priority, State
from ml.music import Notes, Song, Track
from studio.models import AudioFormat, Composition, Rendering
from studio.selectors.renderings import SoundState
from studio.services import renderings
from studio.services.compositions import create_composition
from studio.services.renderings import hear
from tests.factories import make_person
from tests.rounds import hand_in, make_round
from tests.sound import render_everything
from tests.studio import NOW, compose
from workers import node_process

pytestmark = pytest.mark.django_db

RATE = 44_100


def clicks(owner, beats):
    """Keep a piece of short drum strokes on some beats, at 120 beats a minute."""
    notes = Notes.tidy(
        [37] * len(beats), [480 * b for b in beats], [60] * len(beats), [110] * len(beats)
    )
    song = Song((Track("Kit", 0, True, notes),))
    return create_composition(owner=owner, upload=song.to_midi(), title="Clicks", now=NOW)


def sound_of(rendering):
    with default_storage.open(rendering.key) as file:
        return sf.read(file, dtype="float32", always_2d=True)


def test_a_piece_is_heard_where_its_notes_are(participant):
    beats = [0, 3, 4, 9]
    tune = clicks(participant, beats)

    hear(tune, now=NOW)
    assert render_everything() == 1

    hearing = hear(tune, now=NOW)
    assert hearing.is_ready
    samples, rate = sound_of(hearing.rendering)
    loud = np.abs(samples).max(axis=1) > 0.1
    assert rate == RATE
    for beat in beats:
        at = int(beat / 2 * RATE)
        assert loud[at : at + RATE // 20].any()
        assert beat == 0 or not loud[at - RATE // 20 : at - RATE // 100].any()
    assert len(hearing.rendering.peaks) == 800
    assert max(hearing.rendering.peaks) == pytest.approx(255 * 10 ** (-1 / 20), abs=1)
    assert hearing.rendering.seconds == pytest.approx(len(samples) / rate, abs=0.05)


def test_a_wav_file_has_the_same_bytes_each_time(participant):
    tune = clicks(participant, [0, 1])
    hear(tune, now=NOW, audio_format=AudioFormat.WAV)
    render_everything()
    first = hear(tune, now=NOW, audio_format=AudioFormat.WAV).rendering
    with default_storage.open(first.key) as file:
        content = file.read()
    default_storage.delete(first.key)
    Rendering.objects.all().delete()
    Job.objects.all().delete()

    hear(tune, now=NOW, audio_format=AudioFormat.WAV)
    render_everything()

    with default_storage.open(first.key) as file:
        assert file.read() == content
    assert content[:4] == b"RIFF"


def test_the_same_music_is_rendered_once_for_everybody(participant):
    hear(compose(participant), now=NOW)
    hear(compose(make_person()), now=NOW)

    assert Rendering.objects.count() == Job.objects.filter(kind="render").count() == 1


def test_handing_in_asks_for_sound_behind_everything_else(participant):
    piece = hand_in(make_round(), participant)

    job = Job.objects.get(kind="render")
    assert job.priority == Priority.LOW
    assert Rendering.objects.get().midi_sha256 == piece.midi_sha256


def test_a_piece_that_is_too_long_is_refused(participant):
    tune = compose(participant)
    Composition.objects.update(seconds=601)
    tune.refresh_from_db()

    hearing = hear(tune, now=NOW)

    assert hearing.state == SoundState.TOO_LONG
    assert "10 minutes" in hearing.detail
    assert not Rendering.objects.exists()


def test_the_renderer_itself_refuses_what_is_too_long(participant, monkeypatch):
    monkeypatch.setattr("workers.rendering.MAX_SECONDS", 1.0)
    hear(compose(participant), now=NOW)

    render_everything()

    job = Job.objects.get(kind="render")
    assert (job.state, job.fault, job.error_code) == (
        State.FAILED, Fault.INPUT, "too_long_to_render",
    )  # fmt: skip


@pytest.mark.parametrize("what", ["RENDERER", "SOUNDFONTS", "NODE"])
def test_a_missing_part_fails_the_job_with_its_name(
    participant, settings, monkeypatch, tmp_path, what
):
    if what == "NODE":
        monkeypatch.setattr(node_process, "NODE", tmp_path / "gone")
    else:
        setattr(settings, what, tmp_path / "gone")
    tune = compose(participant)
    hear(tune, now=timezone.now())
    Job.objects.filter(kind="render").update(max_attempts=1)

    render_everything()

    job = Job.objects.get(kind="render")
    assert (job.state, job.fault) == (State.FAILED, Fault.PLATFORM)
    assert "Not installed here" in job.error_detail
    hearing = hear(tune, now=timezone.now())
    assert hearing.state == SoundState.UNAVAILABLE
    assert "not available just now" in hearing.detail


def test_a_renderer_that_fails_says_what_it_said(participant, settings, tmp_path):
    broken = tmp_path / "render.mjs"
    broken.write_text("console.error('no strings left'); process.exit(1)")
    settings.RENDERER = broken
    hear(compose(participant), now=timezone.now())
    Job.objects.filter(kind="render").update(max_attempts=1)

    render_everything()

    assert "no strings left" in Job.objects.get(kind="render").error_detail


def test_the_renderer_may_touch_its_own_folder_only(participant, settings, tmp_path):
    nosy = tmp_path / "render.mjs"
    nosy.write_text("import { readFileSync } from 'node:fs'; readFileSync('/etc/hostname');")
    settings.RENDERER = nosy
    hear(compose(participant), now=timezone.now())
    Job.objects.filter(kind="render").update(max_attempts=1)

    render_everything()

    assert "ERR_ACCESS_DENIED" in Job.objects.get(kind="render").error_detail


def test_a_renderer_that_hangs_is_ended(participant, settings, monkeypatch, tmp_path):
    endless = tmp_path / "render.mjs"
    endless.write_text("setInterval(() => undefined, 1000);")
    settings.RENDERER = endless
    monkeypatch.setattr(node_process, "MAX_WALL_SECONDS", 1.0)
    hear(compose(participant), now=timezone.now())
    Job.objects.filter(kind="render").update(max_attempts=1)

    render_everything()

    assert "ended with -9" in Job.objects.get(kind="render").error_detail


def test_a_failure_of_the_site_is_tried_again_some_minutes_later(participant):
    tune = compose(participant)
    rendering = hear(tune, now=NOW).rendering
    Job.objects.update(max_attempts=1)
    lease = claim(queue="render", worker="w", now=NOW)
    fail(lease=lease, error=OSError("full disk"), kind=Fault.PLATFORM, now=NOW)

    soon = hear(tune, now=NOW + renderings.REST_AFTER_FAILURE - timedelta(seconds=1))
    later = hear(tune, now=NOW + renderings.REST_AFTER_FAILURE)

    assert soon.state == SoundState.UNAVAILABLE
    assert later.state == SoundState.MAKING
    assert later.rendering.pk == rendering.pk


@pytest.mark.parametrize("address", ["/studio/{}/audio.mp3", "/api/v1/compositions/{}/audio/mp3/"])
def test_a_sound_that_was_lost_is_made_again(participant, signed_in, address):
    tune = compose(participant, seconds=1)
    hear(tune, now=timezone.now())
    render_everything()
    default_storage.delete(Rendering.objects.get().key)
    address = address.format(tune.pk)

    lost = [signed_in.get(address) for _ in range(2)]
    assert [answer.status_code for answer in lost] == [202, 202]
    assert render_everything() == 1

    again = signed_in.get(address)
    assert again.status_code == 200
    assert b"".join(again.streaming_content)


def test_a_file_store_that_is_away_is_said_on_a_page(participant, signed_in, monkeypatch):
    tune = compose(participant, seconds=1)
    hear(tune, now=timezone.now())
    render_everything()

    def away(*_):
        raise OSError("no route to host")

    monkeypatch.setattr(default_storage, "exists", away)
    answer = signed_in.get(f"/studio/{tune.pk}/audio.mp3")

    assert answer.status_code == 503
    assert "cannot be read just now" in answer.text


def test_a_piece_that_cannot_be_played_is_not_tried_again(participant):
    tune = compose(participant)
    hear(tune, now=NOW)
    lease = claim(queue="render", worker="w", now=NOW)
    fail(lease=lease, error=OSError("odd"), kind=Fault.INPUT, now=NOW)

    assert hear(tune, now=NOW + timedelta(days=1)).state == SoundState.UNAVAILABLE
