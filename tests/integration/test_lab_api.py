"""The Lab by the API: choosing music, training, watching, sharing; and what others may not see."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from lab.models import CustomModel, DataSet, TrainingRun
from lab.services.models import change_model
from lab.wording import Visibility
from tests.factories import make_person
from tests.lab import NOW, TINY, four_voices, make_data, make_model, make_run, train_everything
from tests.studio import compose
from workers import watching

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def person(api: APIClient, participant) -> APIClient:
    api.force_authenticate(participant)
    return api


def client_of(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def downloaded(client: APIClient, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def midi_files(*contents: bytes) -> list[SimpleUploadedFile]:
    return [
        SimpleUploadedFile(f"piece {n}.mid", content, "audio/midi")
        for n, content in enumerate(contents)
    ]


def test_uploaded_files_are_surveyed_and_refused_one_by_one(person: APIClient) -> None:
    files = midi_files(*(four_voices(n) for n in range(3)), b"no music")

    answer = person.post(f"{API}data-sets/", {"files": files, "rights": "true", "name": "Mine"})

    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert answer.headers["Location"] == body["url"]
    assert (body["survey"]["taken"], body["survey"]["refused"]) == (3, 1)
    assert body["kinds"] == ["gan", "ar_cnn", "transformer"]
    rows = person.get(body["files"]).json()
    [bad] = [row for row in rows if not row["taken"]]
    assert bad["code"] == "not_midi"
    assert bad["detail"]


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"style": "jazz"}, 400, "invalid"),
        ({}, 400, "invalid"),
        ({"compositions": ["6a0fe9d4-2a4b-4fae-8d1e-7a2f0c9d1c11"]}, 400, "invalid"),
    ],
)
def test_requests_that_name_no_music_are_refused(person, values, status, code) -> None:
    answer = person.post(f"{API}data-sets/", values, format="json")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_files_without_rights_are_refused(person: APIClient) -> None:
    answer = person.post(f"{API}data-sets/", {"files": midi_files(four_voices())})

    assert (answer.status_code, answer.json()["code"]) == (422, "rights_not_confirmed")


def test_other_people_s_compositions_are_no_data(person: APIClient) -> None:
    theirs = compose(make_person())

    answer = person.post(f"{API}data-sets/", {"compositions": [str(theirs.pk)]}, format="json")

    assert answer.status_code == 400


def test_bodies_that_are_too_large_are_refused_before_they_are_read(person, settings) -> None:
    settings.LAB_BYTES = settings.LAB_FILES = 1

    answer = person.post(f"{API}data-sets/", {"files": midi_files(four_voices()), "rights": "1"})

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_parts_are_chosen_file_by_file(person: APIClient, participant) -> None:
    data = make_data(participant)
    file = data.files.get(name="piece 0.mid")
    address = f"{API}data-sets/{data.pk}/files/{file.pk}/"

    chosen = person.patch(address, {"parts": [0, 1, 2, None]}, format="json")
    wrong = person.patch(address, {"parts": [0, 1, 2, 9]}, format="json")

    assert chosen.json()["report"]["parts"] == [0, 1, 2, None]
    assert (wrong.status_code, wrong.json()["code"]) == (422, "parts_not_fitting")
    assert person.patch(address, {"parts": [0]}, format="json").status_code == 400


def test_the_archive_is_what_is_trained_on(person: APIClient, participant) -> None:
    data = make_data(participant)
    file = data.files.get(name="piece 0.mid")
    person.patch(f"{API}data-sets/{data.pk}/files/{file.pk}/", {"parts": [0, 1, 2, None]}, "json")

    answer = person.get(f"{API}data-sets/{data.pk}/archive/")

    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names[0] == "mine/001-piece-0.mid"
    assert names[-1] == "mine/parts.json"
    assert len(names) == 7


def test_from_the_request_to_the_model(person: APIClient, participant) -> None:
    data = make_data(participant)
    wish = {"data_set": str(data.pk), "kind": "gan", "settings": TINY["gan"], "seed": 1}

    answer = person.post(f"{API}training-runs/", wish, format="json", HTTP_IDEMPOTENCY_KEY="a")
    again = person.post(f"{API}training-runs/", wish, format="json", HTTP_IDEMPOTENCY_KEY="a")
    other = person.post(
        f"{API}training-runs/", wish | {"seed": 2}, format="json", HTTP_IDEMPOTENCY_KEY="a"
    )
    train_everything()
    run = person.get(answer.headers["Location"]).json()

    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert again.json()["id"] == answer.json()["id"]
    assert other.json()["code"] == "idempotency_conflict"
    assert (run["state"], run["final"], run["iteration"]) == ("finished", True, 12)
    points = person.get(run["points"]).json()
    assert points[-1]["iteration"] == 12
    assert person.get(run["points"], {"after": 11}).json() == points[-1:]
    assert person.get(run["points"], {"after": "x"}).status_code == 400
    samples = person.get(run["samples"]).json()
    assert samples[0]["iteration"] == 0
    assert samples[0]["melodies"]
    model = person.get(run["model"]).json()
    assert model["card"]["lab"]["seed"] == 1
    assert model["card"]["command"].startswith("python -m ml train gan --data mine")
    assert len(downloaded(person, model["weights"])) == model["size"]


def test_settings_that_are_wrong_are_named(person: APIClient, participant) -> None:
    data = make_data(participant)
    wish = {"data_set": str(data.pk), "kind": "gan", "settings": {"size": "huge", "speed": 3}}

    answer = person.post(f"{API}training-runs/", wish, format="json")

    assert answer.status_code == 400
    assert set(answer.json()["fields"]["settings"]) == {"size", "speed"}


def test_a_run_is_told_what_to_do(person: APIClient, participant, monkeypatch) -> None:
    monkeypatch.setattr(watching, "SITTING", timedelta(0))
    run = make_run(participant)
    address = f"{API}training-runs/{run.pk}/"

    assert person.patch(address, {"wanted": "finish"}, "json").json()["code"] == "nothing_learned"
    assert person.patch(address, {"wanted": "pause"}, "json").json()["state"] == "paused"
    assert person.patch(address, {"wanted": "go"}, "json").json()["state"] == "waiting"
    assert person.patch(address, {"wanted": "dance"}, "json").status_code == 400
    cancelled = person.delete(address)
    assert (cancelled.status_code, cancelled.json()["state"]) == (202, "cancelled")
    assert person.patch(address, {"wanted": "go"}, "json").json()["code"] == "run_over"
    assert person.delete(address).status_code == 204
    assert person.get(address).status_code == 404


def test_what_can_be_trained_is_told_to_everybody(api: APIClient) -> None:
    kinds = {row["kind"]: row for row in api.get(f"{API}training-kinds/").json()}

    assert set(kinds) == {"gan", "ar_cnn", "transformer"}
    gan = kinds["gan"]
    assert [preset["name"] for preset in gan["presets"]] == ["quick", "coffee", "overnight"]
    assert {row["name"] for row in gan["settings"]} >= {"algorithm", "learning_rate", "batch_size"}
    assert "dance" not in gan["styles"]


def test_other_people_s_things_are_not_found(participant, tiny_weights) -> None:
    model = make_model(participant, tiny_weights)
    run = TrainingRun.objects.get()
    data = DataSet.objects.get()
    stranger, nobody = client_of(make_person()), APIClient()
    private = [
        f"data-sets/{data.pk}/", f"data-sets/{data.pk}/files/", f"data-sets/{data.pk}/archive/",
        f"training-runs/{run.pk}/", f"training-runs/{run.pk}/points/",
        f"training-runs/{run.pk}/samples/",
    ]  # fmt: skip

    for path in private:
        assert stranger.get(API + path).status_code == 404, path
        assert nobody.get(API + path).status_code == 401, path
    for path in (f"models/{model.pk}/", f"models/{model.pk}/weights/"):
        assert stranger.get(API + path).status_code == 404, path
        assert nobody.get(API + path).status_code == 404, path
    for path in (f"data-sets/{data.pk}/", f"training-runs/{run.pk}/", f"models/{model.pk}/"):
        assert stranger.patch(API + path, {"name": "x", "wanted": "go"}, "json").status_code == 404
        assert stranger.delete(API + path).status_code == 404, path
    wish = {"data_set": str(data.pk), "kind": "gan"}
    assert stranger.post(f"{API}training-runs/", wish, "json").status_code == 400
    assert stranger.get(f"{API}training-runs/").json()["results"] == []


def test_a_model_is_shared_and_taken_back(person: APIClient, participant, tiny_weights) -> None:
    model = make_model(participant, tiny_weights)
    address = f"{API}models/{model.pk}/"
    stranger, nobody = client_of(make_person()), APIClient()

    shared = person.patch(address, {"visibility": "public", "description": "Warm."}, "json")

    assert shared.json()["visibility"] == "public"
    assert nobody.get(address).json()["description"] == "Warm."
    assert nobody.get(address).json()["run"] is None
    assert len(downloaded(nobody, f"{address}weights/")) == model.size
    [listed] = [row for row in stranger.get(f"{API}models/").json() if row["own"]]
    assert (listed["name"], listed["mine"]) == (f"own:{model.pk}", False)
    assert listed["url"].endswith(address)
    assert stranger.patch(address, {"name": "Mine now"}, "json").status_code == 404

    assert person.delete(address).status_code == 204
    assert nobody.get(address).status_code == 404
    assert not CustomModel.objects.kept().exists()


def test_an_unlisted_model_is_in_no_list(participant, tiny_weights) -> None:
    model = make_model(participant, tiny_weights)
    change_model(model=model, visibility=Visibility.UNLISTED, now=NOW)
    nobody = APIClient()

    assert nobody.get(f"{API}models/{model.pk}/").status_code == 200
    assert not any(row["own"] for row in nobody.get(f"{API}models/").json())
