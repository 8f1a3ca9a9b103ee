"""Parameters, edit events, results and cards, without a model."""

import hashlib
import json
import subprocess
import sys

import pytest

from ml.music import Notes, Song, Track
from ml.techniques import (
    TECHNIQUES,
    EditedNote,
    EditEvent,
    ModelUnavailable,
    ParametersRefused,
    as_dict,
    describe,
    generated,
    parse,
    read_card,
    replay,
    unavailable,
    weights_for,
)


def song(*rows, drums=False):
    pitch, start, duration = zip(*rows, strict=True) if rows else ((), (), ())
    notes = Notes.tidy(pitch, start, duration, [80] * len(rows))
    return Song((Track("Tune", 4, drums, notes),))


def note(pitch, start, duration=480):
    return EditedNote(start, pitch, duration, 80)


def event(kind, before, after, *, track=0):
    return EditEvent(kind, track, before, after, log_odds=1.25, iteration=1)


def test_drums_are_refused_in_a_style_without():
    with pytest.raises(ParametersRefused, match="no drums"):
        parse("accompany", {"tracks": 4, "style": "chorale"})

    assert parse("accompany", {"tracks": 4, "style": "arcade"}).tracks == 4


class TestParse:
    @pytest.mark.parametrize("technique", TECHNIQUES)
    def test_nothing_given_gives_the_defaults(self, technique):
        found = as_dict(parse(technique, {}))

        assert found == {
            p.name: list(p.default) if isinstance(p.default, tuple) else p.default
            for p in describe(technique)
        }

    @pytest.mark.parametrize(
        ("technique", "name", "default", "low", "high"),
        [
            ("edit", "sampling_iterations", 100, 0, 100),
            ("edit", "maximum_notes_to_remove", 100, 0, 100),
            ("edit", "maximum_notes_to_add", 500, 0, 1000),
            ("edit", "creative_risk", 1, 0.5, 6),
            ("extend", "extension_duration", 30, 1, 30),
            ("extend", "creative_risk", 1, 0.5, 6),
        ],
    )
    def test_ranges_and_defaults_are_those_that_are_promised(
        self, technique, name, default, low, high
    ):
        (found,) = [p for p in describe(technique) if p.name == name]

        assert (found.default, found.minimum, found.maximum) == (default, low, high)

    def test_every_wrong_value_is_named(self):
        wrong = {
            "sampling_iterations": 101,
            "creative_risk": "loud",
            "locked_bars": "0",
            "tempo": 3,
        }

        with pytest.raises(ParametersRefused) as caught:
            parse("edit", wrong)

        assert {problem.name for problem in caught.value.problems} == set(wrong)

    @pytest.mark.parametrize(
        ("text", "bars"),
        [
            ("", ()),
            ("3", (3,)),
            ("1-4, 7", (1, 2, 3, 4, 7)),
            ("2,2, 1", (1, 2)),
            (" 5 - 6 ", (5, 6)),
        ],
    )
    def test_lists_may_be_written_as_ranges(self, text, bars):
        assert parse("edit", {"locked_bars": text}).locked_bars == bars

    @pytest.mark.parametrize(
        "value",
        ["0", "4-1", "1-", "-3", "1-99999999", "a", "9" * 5000, [0], [1.5], [True], 3, None],
    )
    def test_lists_that_are_none_are_refused(self, value):
        with pytest.raises(ParametersRefused) as caught:
            parse("edit", {"locked_bars": value})

        (problem,) = caught.value.problems
        assert problem.detail == "Locked bars is a list of whole numbers, such as 1-4, 7."

    @pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999", "", [], {}, True, 10**400])
    def test_numbers_that_are_none_are_refused(self, value):
        with pytest.raises(ParametersRefused, match=r"Creative risk is a number from 0.5 to 6"):
            parse("extend", {"creative_risk": value})

    def test_an_optional_number_may_be_left_empty(self):
        assert parse("extend", {"maximum_rest": ""}).maximum_rest is None
        assert parse("extend", {"maximum_rest": "2.5"}).maximum_rest == 2.5

    @pytest.mark.parametrize("value", [["chorale"], "Chorale", None, 0])
    def test_a_choice_is_one_of_its_values(self, value):
        with pytest.raises(ParametersRefused, match="Style is one of"):
            parse("accompany", {"style": value})

    def test_there_is_no_fourth_technique(self):
        with pytest.raises(KeyError):
            parse("compose", {})


class TestReplay:
    def test_events_are_applied_in_their_order(self):
        before = song((60, 0, 480), (64, 480, 480))
        events = [
            event("move", note(60, 0), note(62, 0)),
            event("remove", note(64, 480), None),
            event("add", None, note(67, 960)),
            event("move", note(62, 0), note(60, 240)),
        ]

        after = replay(before, events)

        assert after.to_midi() == song((60, 240, 480), (67, 960, 480)).to_midi()
        assert before.to_midi() == song((60, 0, 480), (64, 480, 480)).to_midi()

    def test_a_note_that_is_not_there_cannot_be_touched(self):
        with pytest.raises(ValueError, match="no note"):
            replay(song((60, 0, 480)), [event("remove", note(61, 0), None)])

    def test_a_note_that_is_there_cannot_be_added(self):
        with pytest.raises(ValueError, match="already"):
            replay(song((60, 0, 480)), [event("add", None, note(60, 0))])

    def test_track_names_programs_and_drums_are_kept(self):
        after = replay(song((36, 0, 240), drums=True), [event("add", None, note(38, 240))])

        (track,) = after.tracks
        assert (track.name, track.program, track.is_drum) == ("Tune", 4, True)


class TestGenerated:
    def test_moved_notes_are_neither_added_nor_removed(self):
        before = song((60, 0, 480), (64, 480, 480))
        events = [event("move", note(60, 0), note(62, 0)), event("remove", note(64, 480), None)]

        found = generated(before, replay(before, events), events=events)

        assert (found.notes_in, found.notes_out, found.added, found.removed) == (2, 1, 0, 1)

    def test_without_events_the_songs_are_compared(self):
        found = generated(song((60, 0, 480)), song((60, 0, 480), (62, 480, 480)), style="chorale")

        assert (found.added, found.removed, found.details) == (1, 0, {"style": "chorale"})


class TestCards:
    @pytest.fixture
    def folder(self, tmp_path):
        data = b"weights"
        (tmp_path / "ar_cnn.safetensors").write_bytes(data)
        card = {"technique": "edit", "sha256": hashlib.sha256(data).hexdigest(), "seed": 3}
        (tmp_path / "ar_cnn.json").write_text(json.dumps(card))
        return tmp_path

    def test_a_card_is_read_when_the_file_keeps_its_promise(self, folder):
        card = read_card("ar_cnn", folder=folder)

        assert (card.name, card.technique, card.about["seed"]) == ("ar_cnn", "edit", 3)
        assert unavailable("edit", folder=folder) == ""

    def test_damaged_weights_make_only_their_technique_unavailable(self, folder):
        (folder / "ar_cnn.safetensors").write_bytes(b"weight!")

        with pytest.raises(ModelUnavailable) as caught:
            read_card("ar_cnn", folder=folder)

        assert caught.value.technique == "edit"
        assert "damaged" in unavailable("edit", folder=folder)

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"sha256": 3}', "not JSON"])
    def test_a_card_that_cannot_be_read_makes_it_unavailable(self, folder, text):
        (folder / "ar_cnn.json").write_text(text)

        assert "cannot be read" in unavailable("edit", folder=folder)

    def test_missing_weights_make_it_unavailable(self, tmp_path):
        assert "not here" in unavailable("extend", folder=tmp_path)

    def test_each_algorithm_of_the_gan_has_weights_of_its_own(self):
        assert weights_for("accompany", "musegan") == "gan_musegan"
        assert weights_for("extend") == "transformer"


def test_the_site_can_state_techniques_without_loading_torch():
    code = (
        "import sys, ml.techniques, ml.models; ml.techniques.describe('edit'); "
        "sys.exit('torch' in sys.modules or 'safetensors' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_event_as_json_is_small_and_exact():
    row = event("move", note(60, 0), note(62, 0, 240)).as_dict()

    assert json.loads(json.dumps(row)) == {
        "kind": "move", "track": 0, "log_odds": 1.25, "iteration": 1,
        "before": {"start": 0, "pitch": 60, "duration": 480, "velocity": 80},
        "after": {"start": 0, "pitch": 62, "duration": 240, "velocity": 80},
    }  # fmt: skip
    assert EditEvent.from_dict(row) == event("move", note(60, 0), note(62, 0, 240))
