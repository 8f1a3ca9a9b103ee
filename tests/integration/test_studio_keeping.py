"""Listing, copying, sharing and bringing back compositions, by the API and by pages."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from jobs.services import cancel
from studio.models import Composition, DiscardedFile, Rendering, ShareLink
from studio.project import MAX_BYTES
from studio.services.compositions import delete_composition, purge_deleted_compositions
from studio.services.discarding import discard_files, remove_discarded_files
from studio.services.renderings import Music, request_rendering
from studio.services.versions import save_music
from tests.pages import text_of
from tests.rounds import midi
from tests.studio import NOW, ask, compose, generate_everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]

COMPOSITIONS = "/api/v1/compositions/"


@pytest.fixture
def owner(api: APIClient, participant: User) -> APIClient:
    api.force_authenticate(participant)
    return api


@pytest.fixture
def tune(participant: User) -> Composition:
    return compose(participant)


def titles(client: APIClient, query: str = "") -> list[str]:
    return [row["title"] for row in client.get(f"{COMPOSITIONS}{query}").json()["results"]]


class TestOrder:
    """Lists in an order that one chooses."""

    @pytest.fixture(autouse=True)
    def three(self, participant: User):
        for title, seconds, seed in (("Beta", 4, 1), ("Alpha", 12, 2), ("Gamma", 8, 3)):
            tune = compose(participant, title=title, seconds=seconds, seed=seed)
            made = NOW + timedelta(minutes=seed)
            changed = made + timedelta(hours=title == "Alpha")
            Composition.objects.filter(pk=tune.pk).update(created_at=made, updated_at=changed)

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            ("", "Gamma Alpha Beta"),
            ("newest", "Gamma Alpha Beta"),
            ("changed", "Alpha Gamma Beta"),
            ("title", "Alpha Beta Gamma"),
            ("longest", "Alpha Gamma Beta"),
            ("nonsense", "Gamma Alpha Beta"),
        ],
    )
    def test_in_api_and_on_page(self, owner: APIClient, signed_in: Client, sort, expected):
        page = signed_in.get(f"/studio/?sort={sort}")

        assert titles(owner, f"?sort={sort}") == expected.split()
        assert [piece.title for piece, _ in page.context["lines"]] == expected.split()

    def test_pages_keep_the_order(self, owner: APIClient):
        first = owner.get(f"{COMPOSITIONS}?sort=title&page_size=2").json()
        second = owner.get(first["next"]).json()

        assert [row["title"] for row in first["results"] + second["results"]] == [
            "Alpha",
            "Beta",
            "Gamma",
        ]


class TestSettings:
    """What the Studio keeps that MIDI cannot hold."""

    def test_they_are_kept_and_come_back(self, owner: APIClient, tune):
        settings = {
            "muted": [1],
            "soloed": [],
            "locked_bars": [1, 2],
            "locked_notes": [[0, 480, 60]],
            "round": "2026-11",
        }

        answer = owner.patch(f"{COMPOSITIONS}{tune.pk}/", {"settings": settings}, format="json")

        assert answer.status_code == 200
        body = owner.get(f"{COMPOSITIONS}{tune.pk}/").json()
        assert (body["settings"], body["title"], body["version"]) == (settings, "A tune", 1)

    @pytest.mark.parametrize(
        "settings",
        [
            {"muted": [-1]},
            {"muted": [True]},
            {"locked_bars": [0]},
            {"locked_notes": [[0, 480]]},
            {"round": "no slug"},
            {"volume": 3},
            {"locked_bars": list(range(1, MAX_BYTES))},
            [1],
            "x",
        ],
    )
    def test_what_the_studio_does_not_know_is_refused(self, owner: APIClient, tune, settings):
        answer = owner.patch(f"{COMPOSITIONS}{tune.pk}/", {"settings": settings}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
        assert "settings" in answer.json()["fields"]

    def test_a_change_of_nothing_is_refused(self, owner: APIClient, tune):
        assert owner.patch(f"{COMPOSITIONS}{tune.pk}/", {}, format="json").status_code == 400


class TestCopies:
    """`POST compositions/<id>/copies/`"""

    def test_a_copy_has_music_settings_and_lineage_of_its_own_from_then_on(
        self, owner: APIClient, tune, participant
    ):
        ask(tune, "extend")
        generate_everything()
        made = Composition.objects.get(origin="generation")
        made.settings = {"muted": [0]}
        made.save()

        answer = owner.post(f"{COMPOSITIONS}{made.pk}/copies/")

        assert answer.status_code == 201
        body = answer.json()
        assert (body["origin"], body["copy_of"]) == ("copy", str(made.pk))
        assert body["title"] == f"{made.title} (copy)"
        assert (body["sha256"], body["settings"]) == (made.midi_sha256, {"muted": [0]})
        assert [step["technique"] for step in body["lineage"]] == ["extend"]
        assert body["statement"] == "I used Keep going (Transformer)."
        copied = Composition.objects.get(pk=body["id"])
        save_music(composition=copied, upload=midi(9), known="*", now=NOW)
        made.refresh_from_db()
        assert made.version == 1

    def test_the_same_key_makes_one_copy(self, owner: APIClient, tune):
        key = {"headers": {"Idempotency-Key": "once"}}
        ids = {owner.post(f"{COMPOSITIONS}{tune.pk}/copies/", **key).json()["id"] for _ in "ab"}

        assert len(ids) == 1

    def test_a_copy_takes_room_like_any_other(self, owner: APIClient, tune, settings):
        settings.MAX_COMPOSITIONS = 1

        assert owner.post(f"{COMPOSITIONS}{tune.pk}/copies/").status_code == 409

    def test_by_the_page(self, signed_in: Client, tune, settings):
        page = signed_in.get(f"/studio/{tune.pk}/").content.decode()
        assert f'action="/studio/{tune.pk}/duplicate/"' in page
        assert f'href="/studio/{tune.pk}/rename/"' in page

        answer = signed_in.post(f"/studio/{tune.pk}/duplicate/", follow=True)
        assert "This is a copy of “A tune”" in text_of(answer.content.decode())

        settings.MAX_COMPOSITIONS = 2
        answer = signed_in.post(f"/studio/{tune.pk}/duplicate/", follow=True)
        assert "as many as one person may" in text_of(answer.content.decode())


class TestDeleting:
    """A deletion can be undone for thirty days."""

    def test_what_was_deleted_is_listed_apart_and_comes_back(self, owner: APIClient, tune):
        owner.delete(f"{COMPOSITIONS}{tune.pk}/")
        assert (titles(owner), titles(owner, "?deleted=true")) == ([], ["A tune"])

        answer = owner.post(f"{COMPOSITIONS}{tune.pk}/restore/")

        assert (answer.status_code, answer.json()["deleted_at"]) == (200, None)
        assert (titles(owner), titles(owner, "?deleted=true")) == (["A tune"], [])
        assert owner.post(f"{COMPOSITIONS}{tune.pk}/restore/").status_code == 200

    def test_after_thirty_days_it_is_gone(self, owner: APIClient, tune, participant):
        long_ago = timezone.now() - timedelta(days=31)
        delete_composition(composition=tune, actor=participant, now=long_ago)

        assert owner.post(f"{COMPOSITIONS}{tune.pk}/restore/").status_code == 404
        assert titles(owner, "?deleted=true") == []

    def test_there_must_be_room_for_it(self, owner: APIClient, tune, participant, settings):
        owner.delete(f"{COMPOSITIONS}{tune.pk}/")
        compose(participant, seed=2)
        settings.MAX_COMPOSITIONS = 1

        assert owner.post(f"{COMPOSITIONS}{tune.pk}/restore/").status_code == 409

    def test_by_the_pages(self, signed_in: Client, tune):
        answer = signed_in.post(f"/studio/{tune.pk}/delete/", follow=True)
        assert "1 deleted piece" in text_of(answer.content.decode())
        assert "A tune" in text_of(signed_in.get("/studio/deleted/").content.decode())

        answer = signed_in.post("/studio/deleted/", {"composition": tune.pk})

        assert answer.url == f"/studio/{tune.pk}/"
        assert signed_in.get(answer.url).status_code == 200
        assert signed_in.post("/studio/deleted/", {"composition": "x"}).status_code == 404

    def test_another_s_cannot_be_brought_back(self, client: Client, tune, participant):
        delete_composition(composition=tune, actor=participant, now=timezone.now())

        assert client.post("/studio/deleted/", {"composition": tune.pk}).status_code == 404

    def test_what_cannot_come_back_is_removed_unless_something_was_made_of_it(
        self, tune, participant
    ):
        parent, lonely = compose(participant, seed=2), tune
        ask(parent)
        for composition in (parent, lonely):
            delete_composition(composition=composition, actor=participant, now=NOW)

        purge_deleted_compositions(NOW + timedelta(days=29))
        assert Composition.objects.count() == 2
        purge_deleted_compositions(NOW + timedelta(days=30))

        assert list(Composition.objects.all()) == [parent]
        assert list(DiscardedFile.objects.values_list("key", flat=True)) == [lonely.midi_key]


class TestSharing:
    """A link shows one composition to whoever has it."""

    def test_a_link_is_made_kept_and_ended(self, owner: APIClient, client: Client, tune):
        address = f"{COMPOSITIONS}{tune.pk}/share/"
        assert owner.get(address).status_code == 404
        made = owner.put(address, {}, format="json")
        again = owner.put(address, {"download": True}, format="json")
        assert (made.status_code, again.status_code) == (201, 200)
        assert made.json()["url"] == again.json()["url"] == owner.get(address).json()["url"]
        assert owner.get(f"{COMPOSITIONS}{tune.pk}/").json()["share"] == made.json()["url"]
        path = urlsplit(made.json()["url"]).path
        assert client.get(path).status_code == 200

        assert owner.delete(address).status_code == 204

        assert client.get(path).status_code == 404
        assert owner.put(address, {}, format="json").json()["url"] != made.json()["url"]

    def test_visitors_see_the_piece_and_search_engines_do_not(
        self, owner: APIClient, client: Client, tune
    ):
        path = self._link(owner, tune)

        answer = client.get(path)

        page = answer.content.decode()
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta name="robots" content="noindex, nofollow">' in page
        assert "A tune" in page
        assert "<svg" in page
        assert "no-store" in answer["Cache-Control"]
        assert str(tune.pk) not in page

    def test_the_file_only_where_its_owner_lets_them(self, owner: APIClient, client: Client, tune):
        path = self._link(owner, tune)
        assert client.get(f"{path}midi/").status_code == 404

        self._link(owner, tune, download=True)

        file = b"".join(client.get(f"{path}midi/").streaming_content)
        assert file == midi(1, seconds=8)

    def test_a_deleted_piece_s_link_leads_nowhere_until_it_is_back(
        self, owner: APIClient, client: Client, tune
    ):
        path = self._link(owner, tune)
        owner.delete(f"{COMPOSITIONS}{tune.pk}/")
        assert client.get(path).status_code == 404

        owner.post(f"{COMPOSITIONS}{tune.pk}/restore/")

        assert client.get(path).status_code == 200

    def test_a_token_is_128_random_bits_and_found_by_its_hash(self, owner: APIClient, tune):
        token = self._link(owner, tune).split("/")[-2]

        assert len(token) == 22
        assert ShareLink.objects.get().digest != token

    @pytest.mark.parametrize("token", ["x", "..", "0" * 22, "ä", "%00"])
    def test_a_made_up_link_is_not_found(self, client: Client, token):
        assert client.get(f"/shared/{token}/").status_code == 404
        assert client.get(f"/shared/{token}/midi/").status_code == 404

    def test_by_the_page(self, signed_in: Client, client: Client, tune):
        page = signed_in.post(f"/studio/{tune.pk}/share/", {"download": "on"}, follow=True)
        link = ShareLink.objects.get()
        assert f"http://testserver/shared/{link.token}/" in page.content.decode()
        assert link.may_download

        page = signed_in.post(f"/studio/{tune.pk}/unshare/", follow=True)

        assert "does not lead anywhere" in text_of(page.content.decode())
        assert not ShareLink.objects.exists()

    def test_nobody_else_shares_or_ends_it(self, client: Client, owner: APIClient, tune):
        self._link(owner, tune)

        for action in ("share", "unshare", "duplicate", "versions/1/restore"):
            assert client.post(f"/studio/{tune.pk}/{action}/").status_code == 404
        assert ShareLink.objects.count() == 1

    def _link(self, owner: APIClient, tune: Composition, **said: bool) -> str:
        answer = owner.put(f"{COMPOSITIONS}{tune.pk}/share/", said, format="json")
        return urlsplit(answer.json()["url"]).path


class TestFiles:
    """A file goes when nothing needs it any more, and never before."""

    def test_one_that_nothing_needs_is_removed_after_an_hour(self, tune):
        key = tune.midi_key
        tune.delete()
        discard_files(keys=[key], now=NOW)

        remove_discarded_files(NOW + timedelta(minutes=59))
        assert default_storage.exists(key)
        remove_discarded_files(NOW + timedelta(minutes=61))

        assert not default_storage.exists(key)
        assert not DiscardedFile.objects.exists()

    def test_one_that_another_piece_shares_stays(self, tune, participant):
        same = compose(participant)
        assert same.midi_key == tune.midi_key
        tune.delete()
        discard_files(keys=[same.midi_key], now=NOW)

        remove_discarded_files(NOW + timedelta(days=1))

        assert default_storage.exists(same.midi_key)
        assert not DiscardedFile.objects.exists()

    def test_one_that_is_stored_again_meanwhile_stays(self, tune, participant):
        key = tune.midi_key
        tune.delete()
        discard_files(keys=[key], now=NOW)
        compose(participant)

        assert not DiscardedFile.objects.exists()
        remove_discarded_files(NOW + timedelta(days=1))
        assert default_storage.exists(key)

    def test_the_sound_goes_with_its_music_once_it_is_made(self, tune):
        rendering = request_rendering(music=Music.of(tune), now=NOW, owner=None)
        rendering.key = "sound/there.mp3"
        rendering.save()
        default_storage.save(rendering.key, ContentFile(b"sound"))
        key = tune.midi_key
        tune.delete()
        discard_files(keys=[key], now=NOW)

        remove_discarded_files(NOW + timedelta(days=1))
        assert default_storage.exists(key)  # the job still needs it
        cancel(job=rendering.job, actor=None, now=NOW)
        discard_files(keys=[key], now=NOW)
        remove_discarded_files(NOW + timedelta(days=1))

        assert not default_storage.exists(key)
        assert not default_storage.exists("sound/there.mp3")
        assert not Rendering.objects.exists()

    def test_the_input_of_a_generation_stays(self, tune):
        generation = ask(tune)
        save_music(composition=tune, upload=midi(9), known="*", now=NOW)
        tune.versions.filter(number=1).delete()
        discard_files(keys=[generation.input_key], now=NOW)

        remove_discarded_files(NOW + timedelta(days=1))

        assert default_storage.exists(generation.input_key)
