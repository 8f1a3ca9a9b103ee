"""Models that people trained: naming, sharing, using them in the Studio, letting them go."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import override_settings
from django.utils import timezone

from jobs.models import Job
from jobs.states import State
from lab.models import CustomModel
from lab.selectors.models import models_of, models_open_to, public_models
from lab.services.models import change_model, delete_model
from lab.wording import Visibility
from ml.techniques import ParametersRefused
from studio import own_models
from studio.files import bytes_at, store_bytes
from studio.models import Composition, Generation
from studio.selectors.compositions import lineage_as_json
from studio.services.discarding import REST, remove_discarded_files
from studio.services.generations import Wish, request_generation
from studio.services.guests import create_guest
from tests.factories import make_person
from tests.lab import NOW, make_data, make_model, train_model
from tests.studio import SHORT, compose, generate_everything
from workers import model_store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path):
    """Weights that workers fetched, of this test alone."""
    with override_settings(OWN_MODELS_DIR=tmp_path / "own"):
        model_store._own_models.cache_clear()
        yield


def ask(model: CustomModel, person, **parameters) -> Generation:
    technique = model.technique
    wish = Wish(
        technique=technique,
        parameters=SHORT[technique] | parameters,
        seed=1,
        model=model.own_name,
    )
    return request_generation(composition=compose(person), owner=person, wish=wish, now=NOW)


def state_of(generation: Generation) -> Job:
    return Job.objects.get(pk=generation.job_id)


@pytest.mark.parametrize("kind", ["gan", "ar_cnn", "transformer"])
def test_a_model_makes_music_in_the_studio(participant, kind: str) -> None:
    model = train_model(participant, kind=kind)

    generation = ask(model, participant)
    generate_everything()

    assert state_of(generation).state == State.SUCCEEDED, state_of(generation).error_detail
    generation.refresh_from_db()
    assert (generation.model, generation.model_sha256) == (model.own_name, model.sha256)
    output = Composition.objects.get(generation=generation)
    [step] = lineage_as_json(output)
    assert (step["model"], step["model_title"]) == (model.own_name, "Mine")


def test_a_gan_plays_by_its_own_algorithm_and_style(participant, tiny_weights) -> None:
    model = make_model(participant, tiny_weights, name="gan_musegan")

    generation = ask(model, participant, algorithm="unet", style="arcade")

    assert generation.parameters["algorithm"] == "musegan"
    assert generation.parameters["style"] == "chorale"


def test_a_model_is_only_for_its_own_technique(participant, tiny_weights) -> None:
    model = make_model(participant, tiny_weights)
    wish = Wish(technique="extend", model=model.own_name)

    with pytest.raises(ParametersRefused, match="is for “Bach it”"):
        request_generation(composition=compose(participant), owner=participant, wish=wish, now=NOW)


@pytest.mark.parametrize("name", ["own:nothing", "own:", "own:../../etc"])
def test_names_of_nothing_are_refused(participant, name: str) -> None:
    with pytest.raises(ParametersRefused, match="no such model"):
        request_generation(
            composition=compose(participant),
            owner=participant,
            wish=Wish(technique="edit", model=name),
            now=NOW,
        )


def test_who_may_use_a_model_follows_from_its_visibility(participant, tiny_weights) -> None:
    model, stranger, guest = (
        make_model(participant, tiny_weights),
        make_person(),
        create_guest(now=NOW),
    )
    assert own_models.found(participant, model.own_name)
    assert own_models.found(stranger, model.own_name) is None
    with pytest.raises(ParametersRefused, match="not shared with you"):
        ask(model, stranger)

    change_model(model=model, visibility=Visibility.UNLISTED, now=NOW)
    assert own_models.found(stranger, model.own_name)
    assert own_models.offered(stranger) == []
    assert list(public_models()) == []

    change_model(model=model, visibility=Visibility.PUBLIC, now=NOW)
    [offered] = own_models.offered(guest)
    assert (offered.is_mine, offered.title) == (False, f"Mine ({participant.public_name})")
    assert list(models_open_to(None)) == [model]


def test_models_of_one_name_are_numbered(participant, tiny_weights) -> None:
    data = make_data(participant)
    first, second = (make_model(participant, tiny_weights, data=data) for _ in range(2))
    assert (first.label, second.label) == ("Mine", "Mine 2")

    renamed = change_model(model=second, name="Better", description=" Warm. ", now=NOW)
    assert (renamed.label, renamed.description) == ("Better", "Warm.")

    back = change_model(model=renamed, name="Mine", now=NOW)
    assert back.label == "Mine 2"


def test_a_deleted_model_goes_with_its_files_and_music_remembers_it(
    participant, tiny_weights
) -> None:
    model = make_model(participant, tiny_weights)
    generation = ask(model, participant)
    generate_everything()

    delete_model(model=model, now=NOW)
    delete_model(model=model, now=NOW)
    remove_discarded_files(timezone.now() + 2 * REST)

    assert list(models_of(participant)) == []
    assert not default_storage.exists(model.weights_key)
    assert not default_storage.exists(model.card_key)
    output = Composition.objects.get(generation=generation)
    assert lineage_as_json(output)[0]["model_title"] == "Mine"


def test_weights_that_a_generation_waits_for_are_kept(participant, tiny_weights) -> None:
    model = make_model(participant, tiny_weights)
    generation = ask(model, participant)

    delete_model(model=model, now=NOW)
    remove_discarded_files(timezone.now() + 2 * REST)
    generate_everything()

    assert state_of(generation).state == State.SUCCEEDED


def test_weights_that_are_lost_fail_the_generation_with_a_sentence(
    participant, tiny_weights
) -> None:
    model = make_model(participant, tiny_weights)
    generation = ask(model, participant)
    default_storage.delete(model.weights_key)

    generate_everything()

    job = state_of(generation)
    assert (job.state, job.error_code) == (State.FAILED, "technique_unavailable")
    assert "“Mine” are not there any more" in job.error_detail


def test_damaged_weights_are_not_played(participant, tiny_weights) -> None:
    model = make_model(participant, tiny_weights)
    content = bytearray(bytes_at(model.weights_key))
    content[len(content) // 2] ^= 255
    default_storage.delete(model.weights_key)
    store_bytes(model.weights_key, bytes(content))
    generation = ask(model, participant)

    generate_everything()

    assert state_of(generation).error_code == "technique_unavailable"
    default_storage.delete(model.weights_key)  # other tests store the same content


def test_fetched_weights_that_nobody_used_for_long_are_removed(
    participant, tiny_weights, monkeypatch
) -> None:
    monkeypatch.setattr(model_store, "OWN_FETCHED", 1)
    data = make_data(participant)
    old, new = (
        make_model(participant, tiny_weights, data=data, name=name)
        for name in ("ar_cnn", "transformer")
    )
    for model in (old, new):
        ask(model, participant)
    generate_everything()

    there = {entry.name for entry in Path(settings.OWN_MODELS_DIR).iterdir()}
    assert there == {new.sha256}
    shutil.rmtree(settings.OWN_MODELS_DIR)
