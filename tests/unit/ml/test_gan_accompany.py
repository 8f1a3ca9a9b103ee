"""What `accompany` promises for every song, with a model whose weights are random."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.models import Models, gan, generate
from ml.models.gan import Accompanist, accompany, load
from ml.music import Notes, Song, TempoChange, TimeSignature, Track, read_canonical
from ml.techniques import (
    AccompanyParameters,
    GenerationCancelled,
    GenerationRefused,
    ModelUnavailable,
    ParametersRefused,
    unavailable,
)
from tests.unit.ml.gan_songs import BEAT, melody, tiny_accompanist


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Accompanist:
    return tiny_accompanist(tmp_path_factory.mktemp("weights"))


def chorale(**values: object) -> AccompanyParameters:
    return AccompanyParameters(**values)  # type: ignore[arg-type]


def as_rows(track: Track) -> list[tuple[int, ...]]:
    n = track.notes
    return list(zip(*(a.tolist() for a in (n.pitch, n.start, n.duration, n.velocity)), strict=True))


@pytest.mark.parametrize("algorithm", ["unet", "musegan"])
@pytest.mark.parametrize("tracks", [1, 2, 3])
def test_the_asked_number_of_tracks_is_added_from_the_bass_up(model, algorithm, tracks):
    song = melody()

    out = accompany(song, chorale(algorithm=algorithm, tracks=tracks), seed=1, model=model)

    added = out.song.tracks[1:]
    assert [t.name for t in added] == ["Bass", "Tenor", "Alto"][:tracks]
    assert out.added == sum(len(t.notes) for t in added) > 0
    assert out.removed == 0


def test_the_song_itself_stays_as_it_is(model):
    song = melody()
    other = Track("Harp", 46, is_drum=False, notes=Notes.tidy([48, 50], [7, 333], [50, 90], [9, 8]))
    tempos = (TempoChange(0, 300_000), TempoChange(960, 700_000))
    meters = (TimeSignature(0, 4, 4), TimeSignature(3840, 3, 4))
    whole = Song((other, *song.tracks), tempos, meters)

    out = accompany(whole, chorale(), seed=1, model=model).song

    assert [as_rows(t) for t in out.tracks[:2]] == [as_rows(t) for t in whole.tracks]
    assert [(t.name, t.program) for t in out.tracks[:2]] == [("Harp", 46), ("Tune", 0)]
    assert out.tempos == tempos
    assert out.time_signatures == meters


@pytest.mark.parametrize("algorithm", ["unet", "musegan"])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(model, algorithm):
    asked = chorale(algorithm=algorithm)

    one, again, other = (
        accompany(melody(), asked, seed=seed, model=model).song.to_midi() for seed in (7, 7, 8)
    )

    assert one == again
    assert one != other


def test_fewer_tracks_are_the_lowest_of_the_same_accompaniment(model):
    three = accompany(melody(), chorale(tracks=3), seed=4, model=model).song.tracks[1:]
    one = accompany(melody(), chorale(tracks=1), seed=4, model=model).song.tracks[1:]

    assert as_rows(one[0]) == as_rows(three[0])


def test_every_added_track_has_one_note_at_a_time_and_ends_with_the_melody(model):
    song = melody(beats=37)

    out = accompany(song, chorale(), seed=2, model=model).song

    for track in out.tracks[1:]:
        assert (track.notes.end[:-1] <= track.notes.start[1:]).all()
        assert track.notes.end.max() <= song.end_tick


def test_drums_are_added_where_the_style_has_them(model):
    out = accompany(melody(), chorale(style="arcade", tracks=4), seed=1, model=model).song

    drums = out.tracks[-1]
    assert [t.is_drum for t in out.tracks] == [False, False, False, False, True]
    assert set(drums.notes.pitch.tolist()) <= {36, 38, 42, 43, 46, 47, 49, 50, 51}


@pytest.mark.parametrize("style", ["chorale", "madrigal", "quartet"])
def test_drums_are_refused_where_the_style_has_none(model, style):
    with pytest.raises(ParametersRefused) as refused:
        accompany(melody(), chorale(style=style, tracks=4), seed=1, model=model)

    assert [p.name for p in refused.value.problems] == ["tracks"]
    assert "arcade" in str(refused.value)


def test_a_song_of_drums_alone_is_refused_by_name(model):
    beats = Notes.tidy([36] * 8, np.arange(8) * BEAT, np.full(8, 60), np.full(8, 100))
    song = Song((Track("Kit", 0, is_drum=True, notes=beats),))

    with pytest.raises(GenerationRefused) as refused:
        accompany(song, chorale(), seed=1, model=model)

    assert refused.value.code == "no_melody"


def test_a_song_with_all_its_tracks_taken_is_refused_by_name(model):
    song = Song(melody().tracks * 62)

    with pytest.raises(GenerationRefused) as refused:
        accompany(song, chorale(tracks=3), seed=1, model=model)

    assert refused.value.code == "too_many_tracks"


def test_a_melody_of_one_note_is_accompanied(model):
    song = melody(beats=1)

    out = accompany(song, chorale(), seed=3, model=model)

    assert len(out.song.tracks) == 4
    assert out.song.end_tick <= BEAT


@pytest.mark.parametrize("pitch", [0, 12, 110, 120])
def test_the_accompaniment_of_an_extreme_melody_stays_in_a_register_that_sounds(model, pitch):
    out = accompany(melody(pitch=pitch), chorale(), seed=1, model=model).song

    for track in out.tracks[1:]:
        assert 24 <= track.notes.pitch.min() <= track.notes.pitch.max() <= 96


@pytest.mark.parametrize("meter", [(3, 4), (6, 8), (7, 8), (5, 4), (1, 64), (12, 16)])
def test_every_metre_is_accompanied(model, meter):
    out = accompany(melody(meter=meter), chorale(), seed=1, model=model)

    assert out.added > 0
    assert out.song.time_signatures == melody(meter=meter).time_signatures


def test_triplets_keep_their_ticks(model):
    song = melody(step=160)

    out = accompany(song, chorale(), seed=1, model=model).song

    assert as_rows(out.tracks[0]) == as_rows(song.tracks[0])


def test_ten_minutes_are_accompanied_to_their_end(model):
    song = melody(beats=1500)

    out = accompany(song, chorale(), seed=1, model=model).song

    assert out.duration_seconds == pytest.approx(600)
    assert max(int(t.notes.end.max()) for t in out.tracks[1:]) > song.end_tick - 8 * BEAT


def test_the_result_is_read_back_as_the_same_song(model):
    out = accompany(melody(), chorale(style="arcade", tracks=4), seed=1, model=model).song

    assert read_canonical(out.to_midi()).to_midi() == out.to_midi()


def test_progress_grows_to_one(model):
    seen: list[float] = []

    accompany(
        melody(beats=400), chorale(), seed=1, model=model,
        progress=lambda share, _word: seen.append(share),
    )  # fmt: skip

    assert len(seen) > 2
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_it_stops_between_two_passes_when_told_to(model):
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(GenerationCancelled):
        accompany(melody(beats=1000), chorale(), seed=1, model=model, cancelled=cancelled)

    assert len(asked) == 3


def test_two_seeds_agree_more_often_at_a_low_risk_than_at_a_high_one(tmp_path: Path):
    model = tiny_accompanist(tmp_path)
    generator = model.generator("unet").generator
    for head in generator.heads:
        head.out.bias += 6 * torch.sin(
            torch.arange(50.0)
        )  # untrained logits are nearly equal: give them favorites
    line = gan.melody_of(melody(beats=128))
    shares = []
    for risk in (0.5, 6.0):
        one, other = (
            gan.draw(line, chorale(creative_risk=risk), seed=seed, model=model).classes[0]
            for seed in (1, 2)
        )
        shares.append(float((one == other).mean()))

    assert shares[0] > 2 * shares[1]


def test_missing_weights_make_the_technique_unavailable(tmp_path: Path):
    with pytest.raises(ModelUnavailable) as missing:
        load(tmp_path)

    assert missing.value.technique == "accompany"


def test_a_card_without_sizes_makes_the_technique_unavailable(tmp_path: Path):
    tiny_accompanist(tmp_path)
    card = json.loads((tmp_path / "gan_unet.json").read_text())
    del card["config"]
    (tmp_path / "gan_unet.json").write_text(json.dumps(card))

    with pytest.raises(ModelUnavailable):
        load(tmp_path).generator("unet")


def test_damaged_weights_make_the_technique_unavailable(tmp_path: Path):
    tiny_accompanist(tmp_path)
    (tmp_path / "gan_musegan.safetensors").write_bytes(b"damaged")

    with pytest.raises(ModelUnavailable):
        load(tmp_path)


def test_weights_of_other_sizes_make_the_technique_unavailable(tmp_path: Path):
    tiny_accompanist(tmp_path)
    card = json.loads((tmp_path / "gan_unet.json").read_text())
    card["config"]["widths"] = [8, 8, 8, 8]
    (tmp_path / "gan_unet.json").write_text(json.dumps(card))

    with pytest.raises(ModelUnavailable):
        load(tmp_path).generator("unet")


class TestOwnWeights:
    """A folder that a training run left holds one algorithm, trained on one style."""

    @pytest.fixture
    def own(self, tmp_path: Path) -> Path:
        tiny_accompanist(tmp_path)
        for kind in ("json", "safetensors"):
            (tmp_path / f"gan_unet.{kind}").unlink()
        card = json.loads((tmp_path / "gan_musegan.json").read_text())
        (tmp_path / "gan_musegan.json").write_text(json.dumps({**card, "styles": ["quartet"]}))
        return tmp_path

    def test_it_plays_its_algorithm_and_style_whatever_is_asked_for_and_says_so(self, own: Path):
        models = Models(own)
        asked = AccompanyParameters(algorithm="unet", style="madrigal")

        found = generate("accompany", melody(), asked, seed=1, models=models)

        assert models.card("accompany", asked).name == "gan_musegan"
        assert (found.details["algorithm"], found.details["style"]) == ("musegan", "quartet")
        assert found.details["asked"]["style"] == "madrigal"
        assert [t.name for t in found.song.tracks[1:]] == ["Cello", "Viola", "Second violin"]
        assert unavailable("accompany", folder=own) == ""

    def test_drums_are_refused_where_its_style_has_none(self, own: Path):
        asked = AccompanyParameters(style="arcade", tracks=4)

        with pytest.raises(GenerationRefused, match="style quartet, which has no drums") as refused:
            generate("accompany", melody(), asked, seed=1, models=Models(own))

        assert refused.value.code == "no_drums"

    @pytest.mark.parametrize("styles", [[], ["polka"], 3])
    def test_a_card_with_styles_that_there_are_not_is_refused(self, own: Path, styles):
        card = json.loads((own / "gan_musegan.json").read_text())
        (own / "gan_musegan.json").write_text(json.dumps({**card, "styles": styles}))

        with pytest.raises(ModelUnavailable):
            generate("accompany", melody(), AccompanyParameters(), seed=1, models=Models(own))

    def test_the_other_techniques_are_not_there(self, own: Path):
        with pytest.raises(ModelUnavailable, match="ar_cnn"):
            Models(own).get("edit")
