"""Choosing music to train on: styles, compositions, files good and broken."""

import pytest
from django.core.files.storage import default_storage
from django.test import override_settings

from lab.errors import (
    DataSetInUse,
    NothingToTrainOn,
    PartsNotFitting,
    RightsNotConfirmed,
    StyleNotTrainable,
    TooManyDataSets,
    TooManyFiles,
)
from lab.models import DataSet
from lab.selectors.data_sets import kinds_for
from lab.services.data_sets import (
    Upload,
    choose_parts,
    create_from_compositions,
    create_from_style,
    create_from_upload,
    delete_data_set,
)
from lab.services.runs import cancel_run
from lab.wording import Kind
from studio.models import DiscardedFile
from studio.services.discarding import REST, remove_discarded_files
from tests.lab import NOW, four_voices, make_data, make_run, uploads
from tests.studio import compose, drums_alone

pytestmark = pytest.mark.django_db


def test_files_become_phrases_on_two_sides(participant) -> None:
    data = make_data(participant, files=uploads(12))

    total = data.survey
    assert (total["files"], total["taken"], total["refused"]) == (12, 12, 0)
    assert total["phrases"] == 24  # eight bars each
    assert total["train"] + total["valid"] == 12
    assert total["valid"] >= 1
    assert total["ranges"]["bass"][0] >= 36
    file = data.files.first()
    assert [track["name"] for track in file.report["tracks"]] == [
        "Soprano", "Alto", "Tenor", "Bass",
    ]  # fmt: skip
    assert default_storage.exists(file.midi_key)


def test_every_refused_file_says_why(participant) -> None:
    files = [
        *uploads(2),
        Upload("the same again.mid", four_voices(0)),
        Upload("letter.mid", b"Dear Sir or Madam"),
        Upload("empty.mid", b""),
        Upload("drums.mid", drums_alone()),
        Upload("broken.mid", four_voices(5)[:60]),
    ]

    data = make_data(participant, files=files)

    refused = {row.name: row for row in data.files.all() if not row.is_taken}
    assert set(refused) == {
        "the same again.mid", "letter.mid", "empty.mid", "drums.mid", "broken.mid",
    }  # fmt: skip
    assert all(row.refusal_detail for row in refused.values())
    assert refused["the same again.mid"].refusal_code == "duplicate"
    assert refused["the same again.mid"].report["duplicate_of"] == "piece 0.mid"
    assert data.survey["duplicates"] == 1


def test_a_set_of_nothing_usable_is_not_kept(participant) -> None:
    with pytest.raises(NothingToTrainOn, match=r"letter\.mid"):
        make_data(participant, files=[Upload("letter.mid", b"Dear Sir")])

    assert not DataSet.objects.exists()


def test_the_same_names_are_told_apart(participant) -> None:
    same = [Upload("a.mid", four_voices(n)) for n in range(3)]

    data = make_data(participant, files=same)

    assert {row.name for row in data.files.all()} == {"a.mid", "a (2).mid", "a (3).mid"}


def test_nothing_is_taken_without_the_word_that_one_may(participant) -> None:
    with pytest.raises(RightsNotConfirmed):
        create_from_upload(
            owner=participant, files=uploads(), name="", rights_confirmed=False, now=NOW
        )


def test_limits_hold_and_say_what_they_are(participant) -> None:
    with override_settings(LAB_FILES=3), pytest.raises(TooManyFiles, match="may have 3"):
        make_data(participant)
    with override_settings(LAB_BYTES=1000), pytest.raises(TooManyFiles):
        make_data(participant)
    make_data(participant)
    with override_settings(LAB_DATA_SETS=1), pytest.raises(TooManyDataSets):
        create_from_style(owner=participant, style="chorale", name="", now=NOW)


def test_own_compositions_are_data(participant) -> None:
    pieces = [compose(participant, seed=seed, title="Tune", seconds=20) for seed in range(3)]

    data = create_from_compositions(owner=participant, compositions=pieces, name="Tunes", now=NOW)

    assert {row.name for row in data.files.all()} == {"Tune.mid", "Tune (2).mid", "Tune (3).mid"}
    assert data.survey["taken"] == 3
    assert kinds_for(data) == [Kind.AR_CNN, Kind.TRANSFORMER]  # single lines
    with pytest.raises(StyleNotTrainable, match="second voice"):
        make_run(participant, data=data, kind="gan")


def test_a_style_says_what_it_holds_and_who_can_learn_it(participant) -> None:
    bach = create_from_style(owner=participant, style="chorale", name="", now=NOW)
    dance = create_from_style(owner=participant, style="dance", name="", now=NOW)

    assert bach.survey["phrases"] > 1000
    assert kinds_for(bach) == list(Kind)
    assert kinds_for(dance) == [Kind.TRANSFORMER]


def test_parts_can_be_chosen_and_left_to_the_survey_again(participant) -> None:
    data = make_data(participant)
    before = data.files.get(name="piece 0.mid").report["ranges"]

    choose_parts(data_set=data, file="piece 0.mid", parts=[0, 1, 2, None])
    chosen = data.files.get(name="piece 0.mid")

    assert chosen.parts == [0, 1, 2, None]
    assert chosen.report["ranges"] != before
    choose_parts(data_set=data, file="piece 0.mid", parts=None)
    assert data.files.get(name="piece 0.mid").report["ranges"] == before


@pytest.mark.parametrize("parts", [[0, 1, 2], [None, 0, 1, 2], [0, 1, 2, 9], [None] * 4])
def test_parts_that_cannot_be_are_refused(participant, parts) -> None:
    data = make_data(participant)

    with pytest.raises(PartsNotFitting):
        choose_parts(data_set=data, file="piece 0.mid", parts=parts)


def test_music_in_use_is_not_changed_or_deleted(participant) -> None:
    run = make_run(participant)

    with pytest.raises(DataSetInUse):
        delete_data_set(data_set=run.data_set, now=NOW)
    with pytest.raises(DataSetInUse):
        choose_parts(data_set=run.data_set, file="piece 0.mid", parts=None)
    cancel_run(run=run, now=NOW)
    delete_data_set(data_set=run.data_set, now=NOW)

    run.refresh_from_db()
    assert run.data_set is None
    assert run.data["name"] == "Mine"


def test_files_go_with_their_data_set_unless_somebody_needs_them(participant) -> None:
    kept = make_data(participant, files=uploads(2))
    gone = make_data(participant, files=uploads(4))
    keys = dict(gone.files.values_list("name", "midi_key"))

    delete_data_set(data_set=gone, now=NOW)
    remove_discarded_files(NOW + 2 * REST)

    assert not DiscardedFile.objects.exists()
    assert default_storage.exists(keys["piece 0.mid"])
    assert not default_storage.exists(keys["piece 3.mid"])
    assert kept.files.count() == 2
