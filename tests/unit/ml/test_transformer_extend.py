"""What a musician gets from `extend`: the rules hold, the input stays, the same seed repeats."""

from dataclasses import replace

import numpy as np
import pytest

from ml.evaluation.measures import parallels
from ml.models.transformer import Extender, extend, extend_many
from ml.models.transformer_key import key_of
from ml.models.transformer_request import MAX_STEPS, leaning_of, request_of, tick_at
from ml.music import Notes, Song, TempoChange, TimeSignature, Track
from ml.music.song import seconds_at
from ml.music.voices import voices_of
from ml.techniques import (
    ExtendParameters,
    Generated,
    GenerationCancelled,
    GenerationRefused,
    parse,
)
from tests.unit.ml.transformer_songs import BEAT, added, chorale, rows, tiny_extender, track, tune

SHORT = ExtendParameters(extension_duration=4, style="chorale")


@pytest.fixture(scope="module")
def model() -> Extender:
    return tiny_extender()


def test_the_notes_of_the_input_stay_and_new_ones_begin_behind_them(model: Extender) -> None:
    song = chorale()

    found = extend(song, SHORT, seed=1, model=model)

    for old, new in zip(song.tracks, found.song.tracks, strict=True):
        assert rows(old.notes) <= rows(new.notes)
        assert (old.name, old.program) == (new.name, new.program)
    new_notes = added(song, found.song)
    assert min(start for _, start, _, _ in new_notes) >= song.end_tick
    assert found.added == len(new_notes)
    assert found.removed == 0
    assert found.song.tempos == song.tempos
    assert found.song.time_signatures == song.time_signatures


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(model: Extender) -> None:
    song = chorale()

    one, again, other = (extend(song, SHORT, seed=seed, model=model).song for seed in (7, 7, 8))

    assert one.to_midi() == again.to_midi()
    assert one.to_midi() != other.to_midi()


@pytest.mark.parametrize("us_per_beat", [250_000, 500_000, 731_000, 2_000_000])
def test_the_extension_lasts_as_long_as_asked_for_in_seconds(
    model: Extender, us_per_beat: int
) -> None:
    song = chorale(us_per_beat=us_per_beat)
    asked = replace(SHORT, extension_duration=5.0, maximum_rest=0.0)

    found = extend(song, asked, seed=2, model=model)

    longer = found.song.duration_seconds - song.duration_seconds
    assert longer == pytest.approx(5.0, abs=us_per_beat / 480 / 1e6)
    assert found.details["seconds_added"] == pytest.approx(longer, abs=0.01)


def test_after_tempo_changes_the_last_tempo_goes_on(model: Extender) -> None:
    song = chorale()
    slower = Song(
        song.tracks, (TempoChange(0, 300_000), TempoChange(8 * BEAT, 1_000_000)),
        song.time_signatures,
    )  # fmt: skip

    found = extend(slower, replace(SHORT, maximum_rest=0.0), seed=1, model=model)

    assert found.song.end_tick - slower.end_tick == 4 * BEAT
    assert found.song.tempos == slower.tempos


def test_ticks_and_seconds_are_each_others_inverse() -> None:
    tempos = (TempoChange(0, 500_000), TempoChange(960, 750_000), TempoChange(2400, 333_333))

    for tick in (0, 1, 959, 960, 2399, 2400, 100_000):
        assert tick_at(tempos, seconds_at(tempos, tick)) == tick


def test_a_single_line_goes_on_as_a_single_line(model: Extender) -> None:
    song = tune()

    found = extend(song, replace(SHORT, extension_duration=8), seed=3, model=model)

    starts = [start for _, start, _, _ in added(song, found.song)]
    assert len(found.song.tracks) == 1
    assert len(starts) == len(set(starts)) > 0
    assert found.details["voices"] == 1


def test_a_voice_that_the_listened_part_lacks_is_not_added(model: Extender) -> None:
    song = chorale(bars=8)
    early = track([48] * 4, name="Early")
    duo = Song((song.tracks[0], song.tracks[1], early), song.tempos, song.time_signatures)

    found = extend(duo, replace(SHORT, input_duration=4), seed=3, model=model)

    assert rows(found.song.tracks[2].notes) == rows(early.notes)
    assert found.details["voices"] == 2
    assert found.details["tracks_not_continued"] == ["Early"]


@pytest.mark.parametrize("seed", range(3))
def test_there_are_no_parallel_fifths_and_octaves(model: Extender, seed: int) -> None:
    song = chorale()
    wild = ExtendParameters(sampling_technique="random", creative_risk=1.5, style="chorale")

    found = extend(song, replace(wild, extension_duration=10), seed=seed, model=model)

    counted = parallels(voices_of(found.song).pitch[voices_of(song).pitch.shape[0] - 1 :])
    assert counted.moving_pairs > 20
    assert (counted.fifths, counted.octaves) == (0, 0)


def test_key_lock_adds_notes_of_the_key_only(model: Extender) -> None:
    song = chorale()
    wild = replace(SHORT, sampling_technique="random", creative_risk=6)
    scale = key_of(voices_of(song).pitch).chroma

    locked = extend(song, replace(wild, key_lock=True), seed=1, model=model).song
    free = extend(song, wild, seed=1, model=model).song

    assert {pitch % 12 for pitch, *_ in added(song, locked)} <= scale
    assert not {pitch % 12 for pitch, *_ in added(song, free)} <= scale


@pytest.mark.parametrize(("tonic", "minor"), [(0, False), (7, False), (9, True), (2, True)])
def test_the_key_is_found_in_the_notes(tonic: int, minor: bool) -> None:
    steps = (0, 2, 3, 5, 7, 8, 11, 7, 3, 0, 0) if minor else (0, 2, 4, 5, 7, 9, 11, 7, 4, 0, 0)

    key = key_of(np.array([[60 + tonic + step] for step in steps]))

    assert (key.tonic, key.is_minor) == (tonic, minor)


@pytest.mark.parametrize("seconds", [0.1, 0.25, 0.6, 1.0])
def test_no_note_is_longer_than_allowed(model: Extender, seconds: float) -> None:
    song = chorale()

    found = extend(song, replace(SHORT, maximum_note_length=seconds), seed=1, model=model)

    longest = max(duration for _, _, duration, _ in added(song, found.song))
    assert longest / BEAT * 0.5 <= seconds + 1e-9


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.0])
def test_no_voice_is_silent_for_longer_than_allowed(model: Extender, seconds: float) -> None:
    song = chorale()
    asked = replace(SHORT, extension_duration=8, maximum_rest=seconds)

    found = extend(song, asked, seed=4, model=model)

    most = round(seconds / 0.125)
    for column in voices_of(found.song).pitch.T:
        silent = "".join("r" if p < 0 else "n" for p in column.tolist())
        assert max(map(len, silent.split("n"))) <= most


def test_never_are_all_voices_silent_for_more_than_a_bar(model: Extender) -> None:
    song = tune()
    asked = replace(SHORT, extension_duration=10, style="dance", sampling_technique="random")

    for seed in range(2):
        found = extend(song, replace(asked, creative_risk=6), seed=seed, model=model)
        sounds = (voices_of(found.song).pitch >= 0).any(axis=1)
        assert max(map(len, "".join(".x"[int(s)] for s in sounds).split("x"))) <= 16


def test_the_lowest_threshold_takes_the_likeliest_notes_whatever_the_seed(model: Extender) -> None:
    song = chorale()

    for technique in ("nucleus", "top_k"):
        narrow = replace(SHORT, sampling_technique=technique, sampling_threshold=0.05)
        cold = replace(narrow, creative_risk=0.5)
        found = [extend(song, cold, seed=seed, model=model) for seed in (1, 2)]
        pitches = [voices_of(f.song).pitch for f in found]
        if technique == "nucleus":
            assert len({p.shape for p in pitches}) == 1
        kinds = [len({row[0] for row in added(song, f.song)}) for f in found]
        wide = extend(song, replace(SHORT, sampling_technique="random"), seed=1, model=model)
        assert max(kinds) < len({row[0] for row in added(song, wide.song)})


def test_more_creative_risk_uses_more_pitches(model: Extender) -> None:
    song = chorale()
    asked = ExtendParameters(sampling_technique="random", style="chorale", extension_duration=10)

    few, many = (
        len({p for p, *_ in added(song, extend(song, replace(asked, creative_risk=risk), seed=1,
                                               model=model).song)})
        for risk in (0.5, 6)
    )  # fmt: skip

    assert few < many


def test_only_the_asked_for_end_of_the_input_is_heard(model: Extender) -> None:
    song = chorale(bars=4)
    other = [track([84] * 8, name="S", program=52), *song.tracks[1:]]
    begun = Song(
        (Track("S", 52, is_drum=False, notes=Notes.tidy(
            *(np.concatenate([getattr(other[0].notes, c)[:8], getattr(song.tracks[0].notes, c)[8:]])
              for c in ("pitch", "start", "duration", "velocity")))), *song.tracks[1:]),
        song.tempos, song.time_signatures,
    )  # fmt: skip
    last_bars = replace(SHORT, input_duration=2.0)

    one, two = (extend(s, last_bars, seed=5, model=model).song for s in (song, begun))
    whole, changed = (extend(s, SHORT, seed=5, model=model).song for s in (song, begun))

    assert added(song, one) == added(begun, two)
    assert added(song, whole) != added(begun, changed)


def test_new_notes_are_as_loud_as_the_track_was(model: Extender) -> None:
    song = tune(velocity=33)

    found = extend(song, SHORT, seed=1, model=model)

    assert {velocity for *_, velocity in added(song, found.song)} == {33}


def test_drums_go_on_with_the_bar_they_played_most(model: Extender) -> None:
    beat = track([36, 38] * 8, name="Kit", is_drum=True)
    song = Song((*chorale().tracks, beat))

    found = extend(song, SHORT, seed=1, model=model)

    new = sorted(rows(found.song.tracks[4].notes) - rows(beat.notes), key=lambda row: row[1])
    assert [pitch for pitch, *_ in new] == [36, 38] * 4
    assert [start for _, start, _, _ in new] == list(range(16 * BEAT, 24 * BEAT, BEAT))


def test_drums_that_had_stopped_stay_silent(model: Extender) -> None:
    beat = track([36, 38] * 4, name="Kit", is_drum=True)
    song = Song((*chorale().tracks, beat))

    found = extend(song, SHORT, seed=1, model=model)

    assert rows(found.song.tracks[4].notes) == rows(beat.notes)


def test_of_twelve_tracks_four_voices_go_on_and_the_others_are_named(model: Extender) -> None:
    tracks = tuple(
        track([72 - 3 * n, 74 - 3 * n] * 8, name=f"Track {n}", program=n) for n in range(12)
    )

    found = extend(Song(tracks), SHORT, seed=1, model=model)

    grown = [
        len(new.notes) > len(old.notes)
        for old, new in zip(tracks, found.song.tracks, strict=True)
    ]  # fmt: skip
    assert 1 <= sum(grown) <= 4
    assert len(found.details["tracks_not_continued"]) >= 8


def test_drums_alone_are_refused_by_name(model: Extender) -> None:
    song = Song((track([36] * 8, is_drum=True),))

    with pytest.raises(GenerationRefused) as refused:
        extend(song, SHORT, seed=1, model=model)

    assert refused.value.code == "no_melody"


@pytest.mark.parametrize(
    ("song", "code"),
    [
        (tune(), "too_fast"),
        (tune(start=3_598 * BEAT), "too_long"),
    ],
    ids=["ten thousand beats a minute", "close to the longest piece"],
)
def test_what_would_become_too_long_is_refused_by_name(song: Song, code: str) -> None:
    fast = Song(song.tracks, (TempoChange(0, 6_000),)) if code == "too_fast" else song

    with pytest.raises(GenerationRefused) as refused:
        request_of(fast, ExtendParameters(), 1)

    assert refused.value.code == code
    assert str(MAX_STEPS) in refused.value.detail or code == "too_long"


@pytest.mark.parametrize("meter", [(3, 4), (6, 8), (5, 4), (7, 8)])
def test_the_metre_goes_on_from_where_the_piece_ends(meter: tuple[int, int]) -> None:
    bar = meter[0] * 16 // meter[1]
    song = Song((track([60, 62, 64]),), time_signatures=(TimeSignature(0, *meter),))

    request = request_of(song, ExtendParameters(), 1)

    assert request.start == 12
    expected = (12 + np.arange(len(request.metre))) % bar
    assert np.array_equal(request.metre[:, 0], expected)


@pytest.mark.parametrize(("late", "start"), [(20, 16), (60, 17)])
def test_a_note_that_ends_a_little_late_does_not_delay_the_extension(late: int, start: int) -> None:
    song = Song((track([60], length=4 * BEAT + late),))

    assert request_of(song, ExtendParameters(), 1).start == start


def test_progress_reaches_one_and_a_cancelled_extension_stops(model: Extender) -> None:
    song, shares = tune(), list[float]()

    extend(song, SHORT, seed=1, model=model, progress=lambda share, _: shares.append(share))
    seen = list[float]()
    with pytest.raises(GenerationCancelled):
        extend(song, SHORT, seed=1, model=model, progress=lambda s, _: seen.append(s),
               cancelled=lambda: len(seen) == 3)  # fmt: skip

    assert shares == sorted(shares)
    assert len(shares) == 32
    assert shares[-1] == 1.0
    assert len(seen) == 3


def test_a_batch_gives_what_single_requests_give_and_refuses_one_by_one(model: Extender) -> None:
    drums = Song((track([36] * 8, is_drum=True),))
    requests = [
        (chorale(), SHORT, 1),
        (drums, SHORT, 2),
        (tune(), replace(SHORT, extension_duration=7, style="auto"), 3),
        (chorale(bars=1, meter=(3, 4)), replace(SHORT, extension_duration=2, key_lock=True), 4),
        (chorale(), replace(SHORT, sampling_technique="top_k", sampling_threshold=0.3), 5),
        (tune(), replace(SHORT, sampling_technique="random", maximum_rest=0.0), 6),
    ]

    found = extend_many(requests, model)

    assert isinstance(found[1], GenerationRefused)
    for number in (0, 2, 3, 4, 5):
        song, parameters, seed = requests[number]
        single, batched = extend(song, parameters, seed=seed, model=model), found[number]
        assert isinstance(batched, Generated)
        assert batched.song.to_midi() == single.song.to_midi()
        assert batched.details == single.details


def test_auto_takes_the_style_under_which_the_piece_is_likeliest(model: Extender) -> None:
    found = extend(chorale(), replace(SHORT, style="auto"), seed=1, model=model)

    costs = found.details["nats_by_style"]
    assert len(costs) == 5
    assert found.details["style"] == min(costs, key=costs.get)


def test_another_take_of_a_piece_finds_its_style_known() -> None:
    own = tiny_extender()
    auto = replace(SHORT, style="auto", extension_duration=1)

    first = extend(chorale(), auto, seed=1, model=own)
    again = extend(chorale(), auto, seed=2, model=own)
    other = extend(tune(), auto, seed=1, model=own)

    assert len(own.judged) == 2
    assert again.details["nats_by_style"] == first.details["nats_by_style"]
    assert other.details["nats_by_style"] != first.details["nats_by_style"]
    assert extend(chorale(), auto, seed=2, model=tiny_extender()).song.to_midi() == (
        again.song.to_midi()
    )


def test_no_request_gives_no_result(model: Extender) -> None:
    assert extend_many([], model) == []


def test_parameters_from_outside_reach_the_extension(model: Extender) -> None:
    asked = parse("extend", {"extension_duration": "1", "style": "dance", "key_lock": "true"})
    assert isinstance(asked, ExtendParameters)

    found = extend(tune(), asked, seed=1, model=model)

    assert found.details["seconds_added"] == 1.0
    assert found.details["style"] == "dance"


def test_the_music_never_stands_still_for_longer_than_three_quarters_of_a_bar(
    model: Extender,
) -> None:
    song = chorale()
    timid = ExtendParameters(creative_risk=0.5, sampling_threshold=0.05, style="chorale")

    found = extend(song, replace(timid, extension_duration=10), seed=1, model=model)

    starts = sorted({start for _, start, _, _ in added(song, found.song)})
    assert max(np.diff([*starts, found.song.end_tick])) <= 12 * 120 + 120


def test_pitches_that_the_piece_did_not_use_become_less_likely() -> None:
    scale = np.array([[60, 64], [62, 65], [64, 67], [65, 69], [67, 71], [69, 72], [71, 62]])

    leaning = leaning_of(scale, key_of(scale))

    inside = [leaning[chroma] for chroma in (0, 2, 4, 5, 7, 9, 11)]
    outside = [leaning[chroma] for chroma in (1, 3, 6, 8, 10)]
    assert min(inside) > -0.1
    assert max(outside) < -1
    assert min(outside) > -1.7
