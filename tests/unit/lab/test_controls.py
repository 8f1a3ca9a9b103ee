"""The page of measures: they tell Bach from what only looks like it, and it says so."""

import pytest

from lab import controls


def test_every_imitation_is_told_from_bach_by_some_measure() -> None:
    assert controls.untold() == []


@pytest.mark.parametrize("kind", ["shuffled_steps", "silence", "random"])
def test_most_measures_tell_the_plain_imitations(kind: str) -> None:
    title = str(controls.KINDS[kind])
    told = [one.name for one in controls.told_apart() if title in one.apart]

    assert len(told) >= 7


def test_no_measure_takes_bach_for_something_else() -> None:
    title = str(controls.KINDS["bach"])

    assert not any(title in (*one.apart, *one.alike) for one in controls.told_apart())


def test_values_stand_in_the_drawing_for_those_who_do_not_see_it() -> None:
    [dissonant] = [one for one in controls.told_apart() if one.name == "dissonant"]

    assert "Random notes: 0.41" in dissonant.svg
    assert "Silence: cannot be told" in dissonant.svg


def test_the_course_s_in_scale_rate_does_not_tell_silence_from_bach() -> None:
    rows = dict(controls.missed())
    values = dict(zip(controls.kinds(), rows["In-scale rate"], strict=True))

    assert float(values["silence"]) == pytest.approx(float(values["bach"]), abs=0.001)


@pytest.mark.parametrize("kind", ["bach", "shuffled_steps", "random"])
def test_what_is_compared_can_be_heard(kind: str) -> None:
    song = controls.heard(kind)

    assert song.n_bars == 4
    assert len(song.tracks) == 4


def test_shuffled_bach_has_bach_s_pitches() -> None:
    def sounding(kind: str) -> list[int]:
        tracks = controls.heard(kind).tracks
        steps = [
            (n, d) for t in tracks for n, d in zip(t.notes.pitch, t.notes.duration, strict=True)
        ]
        return sorted(int(n) for n, d in steps for _ in range(int(d) // 120))

    assert sounding("shuffled_steps") == sounding("bach")


def test_there_is_nothing_else_to_hear() -> None:
    assert controls.heard("silence") is None
    with pytest.raises(KeyError):
        controls.heard("other_voices")
