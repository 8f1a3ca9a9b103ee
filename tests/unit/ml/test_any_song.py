"""Any canonical song goes through any technique: a result that is one, or a named refusal."""

import numpy as np
import pytest

from ml.models import Models, generate
from ml.music import (
    KeySignature,
    Notes,
    Song,
    TempoChange,
    TimeSignature,
    Track,
    read_canonical,
    read_midi,
)
from ml.techniques import TECHNIQUES, GenerationCancelled, GenerationRefused, parse, replay
from ml.training import ar_cnn, gan, transformer

BEAT = 480
SCALE = np.array([0, 2, 4, 5, 7, 9, 11])
FAST = {"accompany": {}, "edit": {"sampling_iterations": 4}, "extend": {"extension_duration": 2}}
REFUSALS = {"no_melody", "too_long", "too_many_tracks", "too_many_notes", "too_fast"}
"""The codes by which a technique may refuse; every one is a sentence for people too."""


def walk(seed, *, n, step=BEAT, length=None, low=55, high=79):
    """A line of n notes that walks through C major between two pitches."""
    dice = np.random.default_rng(seed)
    degrees = np.abs((dice.integers(-2, 3, n).cumsum() + 7) % 28 - 14)
    pitch = np.clip(low + 12 * (degrees // 7) + SCALE[degrees % 7], low, high)
    start = np.arange(n) * step
    return Notes.tidy(pitch, start, np.full(n, length or step), np.full(n, 80))


def track(notes, *, name="Part", program=0, drums=False):
    return Track(name, program, drums, notes)


def one_note(pitch=60, duration=BEAT):
    return Notes.tidy([pitch], [0], [duration], [80])


def beat(n):
    return Notes.tidy(np.tile([36, 42, 38, 42], n)[:n], np.arange(n) * 240, np.full(n, 120),
                      np.full(n, 90))  # fmt: skip


def song(*tracks, meter=(4, 4), tempos=((0, 500_000),), keys=()):
    return Song(tracks, tuple(TempoChange(*t) for t in tempos),
                (TimeSignature(0, *meter),), tuple(keys))  # fmt: skip


def choir():
    parts = (("Soprano", 60), ("Alto", 55), ("Tenor", 48), ("Bass", 36))
    return (track(walk(low, n=32, low=low, high=low + 19), name=name) for name, low in parts)


def flat(*columns):
    return song(track(Notes.tidy(*columns)))


GAP = ([60, 62, 64, 65], [0, 480, 30 * BEAT, 31 * BEAT], [480] * 4, [80] * 4)
CLUSTER = (range(128), [0] * 128, [4 * BEAT] * 128, [80] * 128)
CHORDS = (np.tile([48, 55, 60, 64, 67], 8), np.repeat(np.arange(8), 5) * BEAT, [BEAT] * 40,
          [80] * 40)  # fmt: skip
GRACE = (np.tile([62, 60], 16), np.repeat(np.arange(16), 2) * BEAT + np.tile([0, 20], 16),
         np.tile([20, 400], 16), [80] * 32)  # fmt: skip

SONGS = {
    "one note": song(track(one_note())),
    "one tick": song(track(one_note(duration=1))),
    "one note after a minute": flat([60], [120 * BEAT], [BEAT], [80]),
    "a melody": song(track(walk(1, n=32)), keys=[KeySignature(0, 1, False)]),
    "four voices": song(*choir()),
    "twelve tracks": song(
        *(track(walk(s, n=24, low=30 + 5 * s, high=60 + 5 * s), program=8 * s) for s in range(12))
    ),
    "thirty tracks": song(*(track(walk(s, n=8), program=s) for s in range(30))),
    "drums only": song(track(beat(64), drums=True)),
    "a melody over drums": song(track(walk(5, n=32)), track(beat(64), drums=True)),
    "3/4": song(track(walk(6, n=36)), meter=(3, 4)),
    "7/8": song(track(walk(7, n=56, step=240)), meter=(7, 8)),
    "1/64": song(track(walk(7, n=16, step=30)), meter=(1, 64)),
    "triplets": song(track(walk(8, n=48, step=160))),
    "off the grid": song(track(walk(9, n=32, step=487, length=301))),
    "very high": song(track(walk(10, n=32, low=108, high=127))),
    "very low": song(track(walk(11, n=32, low=0, high=19))),
    "the whole keyboard at once": flat(*CLUSTER),
    "chords": flat(*CHORDS),
    "grace notes": flat(*GRACE),
    "a silence in the middle": flat(*GAP),
    "tempo changes": song(
        track(walk(12, n=48)), tempos=[(0, 400_000), (5000, 900_000), (9000, 250_000)]
    ),
    "very fast": song(track(walk(13, n=64)), tempos=[(0, 60_000)]),
    "very slow": song(track(walk(14, n=8)), tempos=[(0, 4_000_000)]),
    "four minutes": song(track(walk(15, n=480))),
    "ten minutes": song(track(walk(16, n=1200))),
    "as long as may be": song(track(walk(17, n=3598))),
    "as many notes as may be": song(
        *(track(walk(s, n=4999, step=30, low=20 + 6 * s, high=60 + 6 * s)) for s in range(10))
    ),
}


@pytest.fixture(scope="module")
def models(tmp_path_factory, chorales):
    """Networks of the real kinds that have learned nothing: whatever they want must be caught."""
    music, folder = tmp_path_factory.mktemp("music"), tmp_path_factory.mktemp("weights")
    for number, piece in enumerate(chorales[:3]):
        (music / f"{number}.mid").write_bytes(piece.to_midi())
    common = {"data": music, "iterations": 1, "minutes": None, "seed": 0, "resume": False,
              "device": "cpu", "as_json": True, "size": "tiny", "style": "chorale"}  # fmt: skip
    ar_cnn.train(out=folder / "e", **common)
    transformer.train(out=folder / "t", **common)
    gan.train(out=folder / "u", algorithm="unet", **common)
    gan.train(out=folder / "m", algorithm="musegan", **common)
    for file in [*folder.glob("*/*.safetensors"), *folder.glob("*/*.json")]:
        file.rename(folder / file.name)
    return Models(folder)


def outcome(technique, piece, models, *, seed=1, **values):
    """Return what came of it, a refusal by its code."""
    parameters = parse(technique, {**FAST[technique], **values})
    refused = None
    try:
        return generate(technique, piece, parameters, seed=seed, models=models)
    except GenerationRefused as refusal:
        refused = refusal
    assert refused.code in REFUSALS
    assert refused.detail.endswith(".")
    return refused.code


def rows(one_track):
    n = one_track.notes
    return list(zip(n.start.tolist(), n.pitch.tolist(), n.duration.tolist(), strict=True))


@pytest.mark.parametrize("name", SONGS)
@pytest.mark.parametrize("technique", TECHNIQUES)
def test_the_result_is_canonical_and_keeps_what_is_not_its_business(models, technique, name):
    piece = SONGS[name]
    before = piece.to_midi()

    found = outcome(technique, piece, models)

    assert piece.to_midi() == before
    if isinstance(found, str):
        return
    after = found.song
    assert read_canonical(after.to_midi()).to_midi() == after.to_midi()
    assert read_midi(after.to_midi()).n_notes == after.n_notes
    assert after.tempos == piece.tempos
    assert after.time_signatures == piece.time_signatures
    kept = list(zip(piece.tracks, after.tracks, strict=False))
    assert len(kept) == len(piece.tracks)
    assert all((a.name, a.program, a.is_drum) == (b.name, b.program, b.is_drum) for a, b in kept)
    if technique != "edit":
        assert all(set(rows(a)) <= set(rows(b)) for a, b in kept)
    assert found.notes_in == piece.n_notes
    assert found.notes_out == found.notes_in + found.added - found.removed


@pytest.mark.parametrize("name", SONGS)
def test_the_events_of_an_edit_lead_to_its_result(models, name):
    found = outcome("edit", SONGS[name], models)

    if not isinstance(found, str):
        assert replay(SONGS[name], found.events).to_midi() == found.song.to_midi()


@pytest.mark.parametrize("name", ["four voices", "7/8", "twelve tracks", "off the grid"])
@pytest.mark.parametrize("technique", TECHNIQUES)
def test_the_same_seed_gives_the_same_bytes(models, technique, name):
    one, again = (outcome(technique, SONGS[name], models, seed=9) for _ in range(2))

    if isinstance(one, str):
        assert one == again
    else:
        assert one.song.to_midi() == again.song.to_midi()
        assert one.events == again.events


@pytest.mark.parametrize("name", ["a melody", "four voices", "3/4", "tempo changes", "triplets"])
@pytest.mark.parametrize("technique", TECHNIQUES)
def test_ordinary_music_is_not_refused(models, technique, name):
    assert not isinstance(outcome(technique, SONGS[name], models), str)


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_drums_alone_are_refused_since_there_is_no_melody(models, technique):
    assert outcome(technique, SONGS["drums only"], models) == "no_melody"


@pytest.mark.parametrize("technique", TECHNIQUES)
@pytest.mark.parametrize("risk", [0.5, 6])
def test_the_extremes_of_creative_risk_work(models, technique, risk):
    assert not isinstance(outcome(technique, SONGS["four voices"], models, creative_risk=risk), str)


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_a_stop_ends_the_work(models, technique):
    with pytest.raises(GenerationCancelled):
        generate(technique, SONGS["four minutes"], parse(technique, FAST[technique]), seed=1,
                 models=models, cancelled=lambda: True)  # fmt: skip


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_progress_rises_to_the_end(models, technique):
    shares = []

    generate(technique, SONGS["four voices"], parse(technique, FAST[technique]), seed=1,
             models=models, progress=lambda share, _word: shares.append(share))  # fmt: skip

    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1


@pytest.mark.parametrize(
    ("values", "added", "removed_share"),
    [
        ({"maximum_notes_to_add": 0}, 0, 1.0),
        ({"maximum_notes_to_add": 3}, 3, 1.0),
        ({"maximum_notes_to_remove": 0}, 500, 0.0),
        ({"maximum_notes_to_remove": 10}, 500, 0.1),
        ({"sampling_iterations": 0}, 0, 0.0),
    ],
)
def test_the_caps_of_the_editor_are_hard(models, values, added, removed_share):
    piece = SONGS["four voices"]

    found = outcome("edit", piece, models, creative_risk=6, **{"sampling_iterations": 30, **values})

    assert found.added <= added
    assert found.removed <= removed_share * piece.n_notes


def test_locked_bars_and_notes_are_not_touched(models):
    piece = SONGS["four voices"]

    found = outcome("edit", piece, models, creative_risk=6, sampling_iterations=30,
                    locked_bars=[2, 3], locked_notes=[0, 40])  # fmt: skip

    assert found.events
    touched = [n for e in found.events for n in (e.before, e.after) if n is not None]
    assert not [n for n in touched if n.start < 12 * BEAT and n.start + n.duration > 4 * BEAT]
    first, tenth = rows(piece.tracks[0])[0], rows(piece.tracks[1])[8]
    assert first in rows(found.song.tracks[0])
    assert tenth in rows(found.song.tracks[1])


@pytest.mark.parametrize("name", ["a melody", "3/4", "tempo changes", "very slow"])
@pytest.mark.parametrize("seconds", [1, 7])
def test_an_extension_is_as_long_as_was_asked_for(models, name, seconds):
    piece = SONGS[name]

    found = outcome("extend", piece, models, extension_duration=seconds)

    assert found.song.duration_seconds <= piece.duration_seconds + seconds + 1e-6
