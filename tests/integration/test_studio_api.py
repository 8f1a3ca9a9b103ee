"""Compositions, generations and techniques by the API."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve
from rest_framework.test import APIClient

from accounts.models import User
from jobs.errors import BadInput
from jobs.models import Job
from jobs.services import claim, fail
from jobs.states import Fault, State
from ml.techniques import SHIPPED, TECHNIQUES, EditEvent, describe, replay
from studio.api.parsers import MAX_BODY_BYTES
from studio.api.urls import urlpatterns
from studio.files import song_at
from studio.models import MAX_SEED, Composition, Generation
from tests.factories import make_person
from tests.rounds import midi
from tests.studio import (
    NOW,
    SHORT,
    ask,
    compose,
    damage_weights,
    generate_everything,
    remove_weights,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]

COMPOSITIONS = "/api/v1/compositions/"


@pytest.fixture
def owner(api: APIClient, participant: User) -> APIClient:
    api.force_authenticate(participant)
    return api


@pytest.fixture
def tune(participant: User) -> Composition:
    return compose(participant)


def upload(data: bytes | None = None, name: str = "My waltz.mid") -> dict[str, Any]:
    content = midi(3) if data is None else data
    return {"midi": SimpleUploadedFile(name, content, "audio/midi")}


def generations_of(tune: Composition) -> str:
    return f"{COMPOSITIONS}{tune.pk}/generations/"


def ask_by_api(client: APIClient, tune: Composition, technique: str = "extend", **more: Any) -> Any:
    body = {"technique": technique, "parameters": SHORT[technique], **more}
    return client.post(generations_of(tune), body, format="json")


class TestCompositions:
    """Keeping, reading, naming and deleting."""

    def test_an_upload_is_kept_and_comes_back_note_for_note(self, owner: APIClient):
        answer = owner.post(COMPOSITIONS, upload())

        assert answer.status_code == 201
        body = answer.json()
        assert answer["Location"] == body["url"]
        assert (body["title"], body["origin"], body["version"]) == ("My waltz", "upload", 1)
        assert (body["notes"], body["tracks"], body["seconds"]) == (60, 1, 30.0)
        assert body["lineage"] == []
        file = b"".join(owner.get(body["midi"]).streaming_content)
        assert file == midi(3)

    def test_a_title_may_be_given(self, owner: APIClient):
        body = owner.post(COMPOSITIONS, upload() | {"title": "Dawn\u202e"}).json()

        assert body["title"] == "Dawn"

    @pytest.mark.parametrize(
        ("content", "code"), [(b"GIF89a", "not_midi"), (b"", "empty_file"), (b"MThd", "truncated")]
    )
    def test_what_is_no_music_is_refused_with_its_reason(self, owner: APIClient, content, code):
        answer = owner.post(COMPOSITIONS, upload(content))

        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert not Composition.objects.exists()

    def test_a_body_that_is_too_large_is_refused(self, owner: APIClient):
        answer = owner.post(COMPOSITIONS, upload(b"M" * (MAX_BODY_BYTES + 1)))

        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    def test_a_missing_file_is_named(self, owner: APIClient):
        answer = owner.post(COMPOSITIONS, {"title": "Nothing"})

        assert answer.status_code == 400
        assert "midi" in answer.json()["fields"]

    def test_the_same_key_gives_the_same_composition(self, owner: APIClient):
        first, second = (
            owner.post(COMPOSITIONS, upload(), headers={"Idempotency-Key": "k"}) for _ in range(2)
        )
        other = owner.post(COMPOSITIONS, upload(midi(4)), headers={"Idempotency-Key": "k"})

        assert first.json()["id"] == second.json()["id"]
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")
        assert Composition.objects.count() == 1

    def test_a_person_keeps_a_bounded_number(self, owner: APIClient, tune, settings):
        settings.MAX_COMPOSITIONS = 1

        answer = owner.post(COMPOSITIONS, upload())

        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_compositions")

    def test_the_list_is_the_callers_own_the_last_one_first(self, owner: APIClient, participant):
        for seed in range(3):
            compose(participant, seed=seed, title=f"Tune {seed}")
        compose(make_person(), title="Another's")

        titles = [row["title"] for row in owner.get(COMPOSITIONS).json()["results"]]

        assert sorted(titles) == ["Tune 0", "Tune 1", "Tune 2"]

    def test_the_list_can_be_searched_by_title(self, owner: APIClient, participant):
        compose(participant, title="Waltz in the rain")
        compose(participant, title="March")

        rows = owner.get(f"{COMPOSITIONS}?search=waltz").json()["results"]

        assert [row["title"] for row in rows] == ["Waltz in the rain"]

    def test_the_list_costs_the_same_however_long_it_is(
        self, owner: APIClient, participant, django_assert_num_queries
    ):
        for seed in range(8):
            compose(participant, seed=seed)

        with django_assert_num_queries(1):
            owner.get(COMPOSITIONS)

    def test_a_composition_is_renamed(self, owner: APIClient, tune):
        answer = owner.patch(f"{COMPOSITIONS}{tune.pk}/", {"title": " Dusk "}, format="json")

        assert (answer.status_code, answer.json()["title"]) == (200, "Dusk")
        tune.refresh_from_db()
        assert tune.title == "Dusk"

    @pytest.mark.parametrize("title", ["", "\u200b", "x" * 81])
    def test_a_title_that_nobody_can_read_is_refused(self, owner: APIClient, tune, title):
        answer = owner.patch(f"{COMPOSITIONS}{tune.pk}/", {"title": title}, format="json")

        assert answer.status_code == 400

    def test_a_deleted_composition_is_gone_for_its_owner(self, owner: APIClient, tune):
        assert owner.delete(f"{COMPOSITIONS}{tune.pk}/").status_code == 204

        assert owner.get(f"{COMPOSITIONS}{tune.pk}/").status_code == 404
        assert owner.get(COMPOSITIONS).json()["results"] == []
        assert owner.delete(f"{COMPOSITIONS}{tune.pk}/").status_code == 404


class TestGenerations:
    """Asking, waiting, reading and cancelling."""

    def test_a_generation_is_taken_polled_and_becomes_a_composition(self, owner: APIClient, tune):
        answer = ask_by_api(owner, tune, "edit", seed=7)

        assert answer.status_code == 202
        body = answer.json()
        assert answer["Location"] == body["url"]
        assert (body["state"], body["final"], body["result"]) == ("waiting", False, None)
        assert (body["job"]["position"], body["job"]["progress"]) == (0, 0.0)
        assert (body["technique"], body["model"], body["seed"]) == ("edit", "ar_cnn", 7)
        assert body["parameters"]["sampling_iterations"] == 6
        assert body["parameters"]["creative_risk"] == 1.0
        generate_everything()

        done = owner.get(body["url"]).json()
        assert (done["state"], done["final"], done["code"]) == ("succeeded", True, None)
        result = done["result"]
        assert result["notes_out"] == result["notes_in"] + result["added"] - result["removed"]
        made = owner.get(result["composition_url"]).json()
        assert made["origin"] == "generation"
        assert made["generation"] == done["url"]
        assert b"".join(owner.get(result["midi"]).streaming_content)[:4] == b"MThd"

    def test_the_events_replay_to_the_output(self, owner: APIClient, tune):
        url = ask_by_api(owner, tune, "edit").json()["url"]
        generate_everything()
        result = owner.get(url).json()["result"]

        events = owner.get(result["events_url"]).json()

        assert len(events) == result["events"] > 0
        output = Composition.objects.get(pk=result["composition"])
        replayed = replay(song_at(tune.midi_key), [EditEvent.from_dict(row) for row in events])
        assert replayed.to_midi() == song_at(output.midi_key).to_midi()

    def test_a_technique_without_edits_has_an_empty_list(self, owner: APIClient, tune):
        url = ask_by_api(owner, tune, "extend").json()["url"]
        generate_everything()

        assert owner.get(f"{url}events/").json() == []

    def test_a_seed_is_drawn_and_told(self, owner: APIClient, tune):
        seeds = {ask_by_api(owner, tune).json()["seed"] for _ in range(3)}

        assert len(seeds) == 3
        assert all(0 <= seed <= MAX_SEED for seed in seeds)

    def test_a_chain_is_told_from_its_beginning(self, owner: APIClient, tune):
        url = ask_by_api(owner, tune, "extend", seed=1).json()["url"]
        generate_everything()
        middle = Composition.objects.get(pk=owner.get(url).json()["result"]["composition"])
        url = ask_by_api(owner, middle, "edit", seed=2).json()["url"]
        generate_everything()
        end = owner.get(url).json()["result"]["composition_url"]

        lineage = owner.get(end).json()["lineage"]

        assert [(step["technique"], step["seed"]) for step in lineage] == [
            ("extend", 1),
            ("edit", 2),
        ]
        assert [step["input"] for step in lineage] == [str(tune.pk), str(middle.pk)]
        assert lineage[0]["parameters"]["extension_duration"] == 2

    @pytest.mark.parametrize(
        ("parameters", "wrong"),
        [
            ({"creative_risk": 7}, "creative_risk"),
            ({"creative_risk": "NaN"}, "creative_risk"),
            ({"extension_duration": 31}, "extension_duration"),
            ({"sampling_technique": "guess"}, "sampling_technique"),
            ({"key_lock": "perhaps"}, "key_lock"),
            ({"no_such": 1}, "no_such"),
        ],
    )
    def test_wrong_parameters_are_named(self, owner: APIClient, tune, parameters, wrong):
        body = {"technique": "extend", "parameters": parameters}
        answer = owner.post(generations_of(tune), body, format="json")

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
        assert list(answer.json()["fields"]["parameters"]) == [wrong]
        assert not Job.objects.exists()

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"technique": "compose"},
            {"technique": "edit", "seed": -1},
            {"technique": "edit", "seed": MAX_SEED + 1},
            {"technique": "edit", "seed": "x"},
            {"technique": "edit", "parameters": [1]},
            {"technique": "edit", "model": "gan_unet"},
        ],
    )
    def test_malformed_requests_are_the_callers_error(self, owner: APIClient, tune, body):
        answer = owner.post(generations_of(tune), body, format="json")

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
        assert answer.json()["fields"]

    def test_the_model_may_be_named(self, owner: APIClient, tune):
        algorithm = {"algorithm": "musegan"}
        body = {"technique": "accompany", "parameters": algorithm, "model": "gan_musegan"}

        answer = owner.post(generations_of(tune), body, format="json")

        assert (answer.status_code, answer.json()["model"]) == (202, "gan_musegan")

    @pytest.mark.parametrize("harm", [damage_weights, remove_weights])
    def test_a_technique_without_its_weights_is_refused_and_the_others_go_on(
        self, owner: APIClient, tune, harm
    ):
        harm("ar_cnn")

        refused = ask_by_api(owner, tune, "edit")
        assert (refused.status_code, refused.json()["code"]) == (503, "technique_unavailable")
        assert "ar_cnn" in refused.json()["detail"]
        assert ask_by_api(owner, tune, "extend").status_code == 202
        assert Generation.objects.count() == 1

    def test_a_person_has_a_bounded_number_under_way(self, owner: APIClient, tune, settings):
        settings.MAX_GENERATIONS_AT_ONCE = 2
        for _ in range(2):
            assert ask_by_api(owner, tune).status_code == 202

        refused = ask_by_api(owner, tune)
        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_generations")

        generate_everything()
        assert ask_by_api(owner, tune).status_code == 202

    def test_the_same_key_gives_the_same_generation(self, owner: APIClient, tune):
        key = {"headers": {"Idempotency-Key": "once"}}
        body = {"technique": "extend"}
        first, second = (
            owner.post(generations_of(tune), body, format="json", **key) for _ in range(2)
        )
        other = owner.post(generations_of(tune), {"technique": "edit"}, format="json", **key)

        assert first.json()["id"] == second.json()["id"]
        assert first.json()["seed"] == second.json()["seed"]
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")
        assert Job.objects.count() == 1

    def test_a_waiting_generation_is_cancelled_at_once(self, owner: APIClient, tune):
        url = ask_by_api(owner, tune).json()["url"]

        answer = owner.delete(url)

        assert (answer.status_code, answer.json()["state"]) == (202, "cancelled")
        again = owner.delete(url)
        assert (again.status_code, again.json()["code"]) == (409, "job_over")

    def test_a_running_generation_is_asked_to_stop(self, owner: APIClient, tune):
        url = ask_by_api(owner, tune).json()["url"]
        claim(queue="generate", worker="w", now=NOW)

        answer = owner.delete(url)

        assert (answer.status_code, answer.json()["state"]) == (202, "running")
        assert Job.objects.get().cancel_requested

    def test_a_refusal_of_the_model_is_told_with_its_word(self, owner: APIClient, tune):
        url = ask_by_api(owner, tune).json()["url"]
        lease = claim(queue="generate", worker="w", now=NOW)
        fail(lease=lease, error=BadInput("too_long", "Too long."), kind=Fault.INPUT, now=NOW)

        body = owner.get(url).json()

        assert (body["state"], body["code"], body["detail"]) == ("failed", "too_long", "Too long.")

    def test_a_fault_of_the_platform_is_not_shown_as_the_persons(self, owner: APIClient, tune):
        url = ask_by_api(owner, tune).json()["url"]
        Job.objects.update(
            state=State.FAILED, fault=Fault.PLATFORM, finished_at=NOW, error_detail="KeyError: x"
        )

        body = owner.get(url).json()

        assert body["code"] == "platform_failed"
        assert "KeyError" not in body["detail"]

    def test_the_generations_of_a_composition_are_listed(self, owner: APIClient, tune):
        for seed in range(3):
            ask_by_api(owner, tune, seed=seed)

        rows = owner.get(generations_of(tune)).json()["results"]

        assert {row["seed"] for row in rows} == {0, 1, 2}

    def test_there_is_no_file_before_the_end(self, owner: APIClient, tune):
        url = ask_by_api(owner, tune).json()["url"]

        assert owner.get(f"{url}midi/").status_code == 404

    def test_a_deleted_result_leaves_the_generation_readable(self, owner: APIClient, tune):
        url = ask_by_api(owner, tune).json()["url"]
        generate_everything()
        owner.delete(owner.get(url).json()["result"]["composition_url"])

        result = owner.get(url).json()["result"]

        assert (result["composition"], result["midi"]) == (None, None)
        assert result["added"] >= 0

    def test_events_that_cannot_be_read_are_the_stores_fault(self, owner: APIClient, tune):
        url = ask_by_api(owner, tune, "edit").json()["url"]
        generate_everything()
        default_storage.delete(Generation.objects.get().events_key)

        answer = owner.get(f"{url}events/")

        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")


class TestTechniques:
    """What a program learns before it asks."""

    def test_all_techniques_are_told_with_their_parameters_and_cards(self, api: APIClient):
        rows = api.get("/api/v1/techniques/").json()

        assert [row["technique"] for row in rows] == list(TECHNIQUES)
        for row in rows:
            assert row["available"]
            assert row["detail"] is None
            names = [parameter["name"] for parameter in row["parameters"]]
            assert names == [parameter.name for parameter in describe(row["technique"])]
            assert row["models"] == list(SHIPPED[row["technique"]])

    def test_every_model_has_a_card_to_read(self, api: APIClient):
        rows = api.get("/api/v1/models/").json()

        assert {row["name"] for row in rows} == {n for names in SHIPPED.values() for n in names}
        for row in rows:
            card = api.get(row["url"]).json()["card"]
            assert (card["name"], card["sha256"]) == (row["name"], row["sha256"])
        assert api.get("/api/v1/models/gpt/").status_code == 404

    def test_a_damaged_model_has_no_card_and_a_reason(self, api: APIClient):
        damage_weights("transformer")

        row = api.get("/api/v1/models/transformer/").json()

        assert (row["available"], row["card"], row["sha256"]) == (False, None, None)
        assert "damaged" in row["detail"]

    def test_one_that_does_not_run_says_why(self, api: APIClient):
        damage_weights("transformer")

        rows = {row["technique"]: row for row in api.get("/api/v1/techniques/").json()}

        assert not rows["extend"]["available"]
        assert "damaged" in rows["extend"]["detail"]
        assert rows["edit"]["available"]

    def test_the_schema_describes_each_technique_s_parameters(self, api: APIClient):
        schema = api.get("/api/schema/", headers={"Accept": "application/json"}).json()

        schemas = schema["components"]["schemas"]
        mapping = schemas["GenerationInput"]["discriminator"]["mapping"]
        assert set(mapping) == set(TECHNIQUES)
        for technique in TECHNIQUES:
            described = schemas[f"{technique.capitalize()}Parameters"]["properties"]
            assert set(described) == {parameter.name for parameter in describe(technique)}
        risk = schemas["EditParameters"]["properties"]["creative_risk"]
        assert (risk["minimum"], risk["maximum"], risk["default"]) == (0.5, 6.0, 1.0)


class TestPermissions:
    """A composition and all about it is its owner's alone."""

    def _addresses(self, tune: Composition, generation: Generation) -> list[tuple[str, str]]:
        one = f"{COMPOSITIONS}{tune.pk}/"
        run = f"/api/v1/generations/{generation.pk}/"
        return [
            ("get", one),
            ("patch", one),
            ("delete", one),
            ("get", f"{one}midi/"),
            ("put", f"{one}midi/"),
            ("get", f"{one}versions/"),
            ("get", f"{one}versions/1/midi/"),
            ("post", f"{one}versions/1/restore/"),
            ("post", f"{one}copies/"),
            ("post", f"{one}restore/"),
            ("get", f"{one}share/"),
            ("put", f"{one}share/"),
            ("delete", f"{one}share/"),
            ("get", f"{one}audio/"),
            ("get", f"{one}audio/mp3/"),
            ("get", f"{one}audio/wav/"),
            ("get", f"{one}generations/"),
            ("post", f"{one}generations/"),
            ("get", run),
            ("delete", run),
            ("get", f"{run}events/"),
            ("get", f"{run}midi/"),
        ]

    @pytest.mark.parametrize("role", ["nobody", "guest", "other", "judge", "organizer"])
    def test_nobody_else_finds_it(self, api: APIClient, tune, role, organizer, judge):
        generation = ask(tune)
        generate_everything()
        people = {"other": make_person(), "judge": judge, "organizer": organizer}
        api.force_authenticate(people.get(role))
        if role == "guest":
            assert api.post(COMPOSITIONS, upload()).status_code == 201
            Composition.objects.exclude(guest=None).delete()

        statuses = {
            (method, address): self._try(api, method, address)
            for method, address in self._addresses(tune, generation)
        }

        assert set(statuses.values()) == {404}, statuses
        tune.refresh_from_db()
        assert (tune.title, tune.deleted_at) == ("A tune", None)
        assert Generation.objects.count() == 1

    def _try(self, api: APIClient, method: str, address: str) -> int:
        if method == "put" and address.endswith("midi/"):
            known = {"HTTP_IF_MATCH": "*"}
            return api.put(address, midi(9), content_type="audio/midi", **known).status_code
        body = {"technique": "extend", "title": "Mine now", "download": True}
        sent = [] if method in {"get", "delete"} else [body]
        return getattr(api, method)(address, *sent, format="json").status_code

    def test_every_operation_of_the_studio_is_tried_there(self, tune, weights):
        generation = ask(tune)
        tried = {
            (method, resolve(address).url_name)
            for method, address in self._addresses(tune, generation)
        }
        offered = {
            (method, pattern.name)
            for pattern in urlpatterns
            if "techni" not in pattern.name and "model" not in pattern.name
            for method in ("get", "post", "patch", "put", "delete")
            if hasattr(pattern.callback.view_class, method)
        }

        mine = {("get", "api-composition-collection"), ("post", "api-composition-collection")}
        assert offered - mine == tried

    def test_addresses_that_name_nothing_are_not_found(self, owner: APIClient):
        for address in (f"{COMPOSITIONS}{uuid4()}/", f"/api/v1/generations/{uuid4()}/"):
            assert owner.get(address).status_code == 404


def test_a_stored_generation_holds_everything_to_do_it_again(tune, weights):
    generation = ask(tune, "edit", seed=11)
    generation.refresh_from_db()

    card = json.loads((weights / "ar_cnn.json").read_text())
    assert generation.seed == 11
    assert generation.model_sha256 == card["sha256"]
    assert generation.input_sha256 == tune.midi_sha256
    assert set(generation.parameters) == {parameter.name for parameter in describe("edit")}
