"""Saving music again and again: versions, two tabs, and going back."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from studio.models import Composition, CompositionVersion, DiscardedFile, Generation
from studio.services import versions
from tests.pages import text_of
from tests.rounds import midi
from tests.studio import ask, compose, drums_alone, generate_everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture
def owner(api: APIClient, participant: User) -> APIClient:
    api.force_authenticate(participant)
    return api


@pytest.fixture
def tune(participant: User) -> Composition:
    return compose(participant)


def address(tune: Composition, tail: str = "midi/") -> str:
    return f"/api/v1/compositions/{tune.pk}/{tail}"


def save(client: APIClient, tune: Composition, seed: int, known: str = '"1"'):
    headers = {"If-Match": known} if known else {}
    music = midi(seed, seconds=8)
    return client.put(address(tune), music, content_type="audio/midi", headers=headers)


def numbers(client: APIClient, tune: Composition) -> list[int]:
    return [row["number"] for row in client.get(address(tune, "versions/")).json()]


class TestSaving:
    """`PUT compositions/<id>/midi/`"""

    def test_other_music_is_the_next_version_and_the_earlier_one_is_kept(self, owner, tune):
        answer = save(owner, tune, 2)

        assert (answer.status_code, answer["ETag"]) == (200, '"2"')
        assert answer.json()["version"] == 2
        file = owner.get(address(tune))
        assert file["ETag"] == '"2"'
        assert b"".join(file.streaming_content) == midi(2, seconds=8)
        first = owner.get(address(tune, "versions/1/midi/"))
        assert b"".join(first.streaming_content) == midi(1, seconds=8)
        rows = owner.get(address(tune, "versions/")).json()
        assert [(row["number"], row["current"]) for row in rows] == [(2, True), (1, False)]

    def test_the_same_music_makes_no_version(self, owner, tune):
        answer = save(owner, tune, 1)

        assert (answer.status_code, answer.json()["version"]) == (200, 1)
        assert CompositionVersion.objects.count() == 1

    def test_a_request_whose_answer_was_lost_may_be_sent_again(self, owner, tune):
        answers = [save(owner, tune, 2) for _ in range(2)]

        assert [answer.json()["version"] for answer in answers] == [2, 2]

    def test_the_older_tab_is_told_so_and_overwrites_nothing(self, owner, tune):
        save(owner, tune, 2)

        answer = save(owner, tune, 3, known='"1"')

        body = answer.json()
        assert (answer.status_code, body["code"]) == (412, "version_conflict")
        newest = CompositionVersion.objects.get(number=2)
        assert (body["version"], body["saved_at"]) == (2, newest.created_at.isoformat())
        assert body["sha256"] == newest.midi_sha256
        assert "older" in body["detail"]
        assert numbers(owner, tune) == [2, 1]

    def test_without_saying_what_was_changed_nothing_is_saved(self, owner, tune):
        answer = save(owner, tune, 2, known="")

        assert (answer.status_code, answer.json()["code"]) == (428, "version_required")
        assert numbers(owner, tune) == [1]

    @pytest.mark.parametrize("known", ['W/"1"', "*", "sha"])
    def test_the_version_may_be_named_in_other_ways(self, owner, tune, known):
        known = f'"{tune.midi_sha256}"' if known == "sha" else known

        assert save(owner, tune, 2, known=known).status_code == 200

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            (b"GIF89a", 422, "not_midi"),
            (b"", 422, "empty_file"),
            (b"M" * (1024 * 1024 + 1), 413, "too_large"),
        ],
    )
    def test_what_is_no_music_is_refused(self, owner, tune, body, status, code):
        headers = {"If-Match": '"1"'}
        answer = owner.put(address(tune), body, content_type="audio/midi", headers=headers)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert numbers(owner, tune) == [1]

    def test_another_type_of_body_is_refused(self, owner, tune):
        answer = owner.put(address(tune), {"a": 1}, format="json", headers={"If-Match": "*"})

        assert answer.status_code == 415

    def test_a_browser_that_has_the_version_is_not_sent_it_again(self, owner, tune):
        answer = owner.get(address(tune), headers={"If-None-Match": '"1"'})

        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", '"1"')

    def test_the_facts_follow_the_music(self, owner, tune):
        headers = {"If-Match": "*"}
        owner.put(address(tune), drums_alone(), content_type="audio/midi", headers=headers)

        tune.refresh_from_db()
        newest = tune.versions.get(number=2)
        assert tune.file_facts() == newest.file_facts()
        assert tune.n_notes == 16
        assert tune.updated_at > tune.created_at

    def test_a_generation_keeps_pointing_at_the_version_that_it_used(self, owner, tune):
        generation = ask(tune)
        save(owner, tune, 2)
        generate_everything()

        later = ask(Composition.objects.get(pk=tune.pk))

        found = Generation.objects.in_bulk([generation.pk, later.pk])
        assert found[generation.pk].input_sha256 == tune.midi_sha256
        assert found[later.pk].input_sha256 != tune.midi_sha256
        assert [found[pk].input_version for pk in (generation.pk, later.pk)] == [1, 2]


class TestGoingBack:
    """`POST compositions/<id>/versions/<n>/restore/`"""

    def test_an_earlier_version_becomes_the_newest(self, owner, tune):
        save(owner, tune, 2)

        answer = owner.post(address(tune, "versions/1/restore/"))

        assert (answer.status_code, answer.json()["version"]) == (200, 3)
        assert answer.json()["sha256"] == tune.midi_sha256
        assert numbers(owner, tune) == [3, 2, 1]

    def test_the_present_version_restored_changes_nothing(self, owner, tune):
        assert owner.post(address(tune, "versions/1/restore/")).json()["version"] == 1

    def test_a_version_that_never_was_is_not_found(self, owner, tune):
        assert owner.post(address(tune, "versions/7/restore/")).status_code == 404

    def test_the_page_offers_the_way_back(self, owner, tune, signed_in: Client):
        save(owner, tune, 2)
        page = signed_in.get(f"/studio/{tune.pk}/").content.decode()
        assert f"/studio/{tune.pk}/versions/1/restore/" in page

        answer = signed_in.post(f"/studio/{tune.pk}/versions/1/restore/", follow=True)

        assert "that of version 1 again" in text_of(answer.content.decode())
        file = signed_in.get(f"/studio/{tune.pk}/versions/2/midi/")
        assert b"".join(file.streaming_content) == midi(2, seconds=8)


def test_only_the_newest_versions_and_the_first_are_kept(owner, tune, monkeypatch):
    monkeypatch.setattr(versions, "KEPT_VERSIONS", 3)
    ask(tune)

    for seed in range(2, 8):
        save(owner, tune, seed, known="*")

    assert numbers(owner, tune) == [7, 6, 5, 1]
    assert DiscardedFile.objects.count() == 3
    assert default_storage.exists(tune.midi_key)
