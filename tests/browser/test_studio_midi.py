"""MIDI in the Studio on the real site: keyboards, files, and the sound of what came in."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
import symusic
from django.urls import reverse
from playwright.sync_api import Download, Page, expect

from challenges.models import Submission
from ml.music import Notes, Song, Track, read_canonical
from studio.files import bytes_at
from studio.models import Composition
from tests.browser.sound.midi_keyboard import FAKE_MIDI, LISTEN, MOST_MS, PLAY_TUNE, TUNE
from tests.browser.studio_page import notes_of, saved
from tests.pages import score_everything

PACKAGES = Path(np.__file__).parents[1]
MOZART = PACKAGES / "music21" / "omr" / "k525MIDIMvt1.mid"  # five strings, 6398 notes, 256 ticks
POP = PACKAGES / "miditoolkit" / "midi" / "examples_data" / "1390.mid"  # overlapping notes

BEAT = 480
RATE = 44_100


@pytest.fixture
def studio(live_server, page, complaints):
    """The Studio's first page; the browser must find nothing to complain about."""
    page.add_init_script(FAKE_MIDI)
    page.goto(f"{live_server.url}{reverse('studio-new')}")
    yield page
    assert complaints == []


def bring(page: Page, content: bytes, name: str = "piece.mid") -> None:
    """Open a MIDI file."""
    file = {"name": name, "mimeType": "audio/midi", "buffer": content}
    page.set_input_files("cp-start input[type=file]", file)
    saved(page)


def download(page: Page, label: str) -> bytes:
    """Take the piece home."""
    page.locator("cp-bar summary").click()
    with page.expect_download(timeout=60_000) as started:
        page.get_by_role("button", name=label).click()
    file: Download = started.value
    return Path(file.path()).read_bytes()


def test_a_tune_from_a_midi_keyboard_is_recorded_quantized_and_handed_in(
    studio, round_, participant, sign_in
):
    sign_in(participant)
    studio.reload()
    studio.get_by_role("button", name="Start empty").click()
    studio.get_by_role("button", name="MIDI keyboard").click()
    expect(studio.locator("cp-midi")).to_contain_text("Playing on Fake USB.")
    studio.evaluate(LISTEN)
    record = studio.locator("cp-transport").get_by_role("button", name="Record", exact=True)
    record.click()
    studio.evaluate(PLAY_TUNE, TUNE)
    record.click()

    recorded = notes_of(studio)
    assert [pitch for _, pitch, _, _ in recorded] == [pitch for _, pitch in TUNE]
    late = [start * 500 / BEAT - at for (start, *_), (at, _) in zip(recorded, TUNE, strict=True)]
    assert max(map(abs, late)) <= MOST_MS, late

    studio.get_by_role("button", name="Quantize…").click()
    studio.get_by_role("dialog").get_by_role("button", name="Apply").click()
    on_the_grid = [(BEAT * beat, pitch) for beat, (_, pitch) in enumerate(TUNE)]
    assert [(start, pitch) for start, pitch, _, _ in notes_of(studio)] == on_the_grid
    saved(studio)

    studio.get_by_role("button", name="Hand in", exact=True).click()
    panel = studio.locator("cp-hand-in")
    panel.get_by_label("I made this piece").check()
    panel.get_by_role("button", name="Hand in", exact=True).click()
    expect(panel.get_by_role("article")).to_be_visible(timeout=15_000)
    score_everything()
    expect(panel.get_by_text("Scored", exact=True)).to_be_visible(timeout=15_000)
    [track] = read_canonical(bytes_at(Submission.objects.get().midi_key)).tracks
    found = zip(track.notes.start.tolist(), track.notes.pitch.tolist(), strict=True)
    assert list(found) == on_the_grid


def read(content: bytes) -> list[list[tuple[int, int, int, int]]]:
    """Return (start, pitch, end, velocity) of each track's notes by symusic, 480 ticks a beat."""
    score = symusic.Score.from_midi(content)
    scale = BEAT / score.ticks_per_quarter
    return [
        [
            (round(n.start * scale), n.pitch, round(n.end * scale), n.velocity)
            for n in sorted(track.notes, key=lambda n: (n.start, n.pitch, n.end))
        ]
        for track in score.tracks
        if track.notes
    ]


def alone(notes: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Let notes of one pitch be heard one at a time, as one key of a piano can."""
    heard: dict[int, list[tuple[int, int, int, int]]] = {}
    for start, pitch, end, velocity in notes:
        line = heard.setdefault(pitch, [])
        if line and line[-1][0] == start:
            before = line.pop()
            end, velocity = max(end, before[2]), max(velocity, before[3])
        elif line and line[-1][2] > start:
            line[-1] = (line[-1][0], pitch, start, line[-1][3])
        line.append((start, pitch, end, velocity))
    return sorted(note for line in heard.values() for note in line)


@pytest.mark.parametrize("path", [MOZART, POP], ids=lambda path: path.stem)
def test_a_real_file_of_several_tracks_comes_back_note_by_note(studio, path):
    original = path.read_bytes()
    bring(studio, original, path.name)

    exported = download(studio, "Download MIDI")

    expected = [alone(track) for track in read(original)]
    assert len(expected) > 1
    assert [sorted(track) for track in read(exported)] == expected
    assert bytes_at(Composition.objects.get().midi_key) == exported


def test_the_sound_begins_where_the_notes_do(studio):
    beats = [0, 3, 4, 9]
    start = [BEAT * beat for beat in beats]
    strokes = Notes.tidy([37] * 4, start, [60] * 4, [110] * 4)
    bring(studio, Song((Track("Kit", 0, True, strokes),)).to_midi())

    samples, rate = sf.read(io.BytesIO(download(studio, "Download WAV")), always_2d=True)

    assert rate == RATE
    loud = np.flatnonzero(np.abs(samples).max(axis=1) > 0.1) / rate
    begins = loud[np.flatnonzero(np.diff(loud, prepend=-1.0) > 0.25)]
    assert begins == pytest.approx([beat / 2 for beat in beats], abs=0.02)
