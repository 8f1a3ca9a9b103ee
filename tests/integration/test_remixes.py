"""Making something else of a published entry, with its author's name and licence."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from challenges.models import Submission
from challenges.models.entry import Licence
from challenges.services.submitting import withdraw
from studio.models import Composition
from tests.factories import make_person
from tests.pages import form_of, open_round, text_of
from tests.rounds import hand_in, midi, work
from tests.studio import ask, generate_everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture
def round_():
    return open_round(min_seconds=1, quota=0)


def publish(round_, licence: str = Licence.CC_BY, **values) -> Submission:
    author = values.pop("author", None) or make_person(display_name="Anna")
    piece = hand_in(
        round_, author, at=timezone.now(), licence=licence, title="Dawn", **({"seed": 3} | values)
    )
    work(at=timezone.now())
    piece.refresh_from_db()
    return piece


def remix(client, piece: Submission):
    return client.post(f"/api/v1/entries/{piece.entry_id}/remixes/")


def test_a_remix_is_a_composition_that_names_its_source(api: APIClient, participant, round_):
    piece = publish(round_)
    api.force_authenticate(participant)

    answer = remix(api, piece)

    assert answer.status_code == 201
    body = answer.json()
    assert (body["origin"], body["title"]) == ("remix", "Dawn (remix)")
    assert body["sha256"] == piece.midi_sha256
    assert body["attributions"] == [
        {
            "title": "Dawn",
            "author": "Anna",
            "licence": "cc-by-4.0",
            "url": f"http://testserver/entries/{piece.entry_id}/",
        }
    ]
    assert body["statement"] == "Made from “Dawn” by Anna."
    page = Client()
    page.force_login(participant)
    shown = page.get(f"/studio/{body['id']}/").content.decode()
    assert f'href="/entries/{piece.entry_id}/"' in shown
    assert "CC BY 4.0" in shown


def test_a_guest_may_remix_too(client: Client, round_):
    assert remix(client, publish(round_)).status_code == 201
    assert Composition.objects.get().guest is not None


def test_an_author_who_reserves_rights_is_heard(api, participant, round_):
    piece = publish(round_, Licence.ALL_RIGHTS)
    api.force_authenticate(participant)

    answer = remix(api, piece)

    assert (answer.status_code, answer.json()["code"]) == (403, "remix_not_allowed")
    assert not Composition.objects.exists()


def test_what_left_the_board_cannot_be_remixed(api, participant, round_):
    piece = publish(round_)
    withdraw(submission=piece, now=timezone.now())
    api.force_authenticate(participant)

    assert remix(api, piece).status_code == 404


def test_the_button_stands_where_it_works(client: Client, round_):
    open_piece, reserved = publish(round_), publish(round_, Licence.ALL_RIGHTS, seed=4)
    assert "Remix" in client.get(f"/entries/{open_piece.entry_id}/").content.decode()
    assert "Remix" not in client.get(f"/entries/{reserved.entry_id}/").content.decode()

    answer = client.post(f"/entries/{open_piece.entry_id}/remix/")
    assert answer.url == f"/studio/{Composition.objects.get().pk}/"
    answer = client.post(f"/entries/{reserved.entry_id}/remix/", follow=True)
    assert "reserves all rights" in text_of(answer.content.decode())


def test_nobody_owes_themselves_credit(api, round_):
    piece = publish(round_)
    api.force_authenticate(piece.entry.participant)

    assert remix(api, piece).json()["attributions"] == []


class TestLicences:
    """What a remix may be handed in as."""

    @pytest.fixture
    def sender(self, api: APIClient, participant) -> APIClient:
        api.force_authenticate(participant)
        return api

    def _changed(self, sender: APIClient, piece: Submission) -> Composition:
        """Return a remix with other music, so that it is no copy."""
        tune = Composition.objects.get(pk=remix(sender, piece).json()["id"])
        sender.put(
            f"/api/v1/compositions/{tune.pk}/midi/",
            midi(77),
            content_type="audio/midi",
            headers={"If-Match": "*"},
        )
        return tune

    def _submit(self, sender: APIClient, round_, tune: Composition, **said: str):
        body = {"composition": str(tune.pk), **said}
        return sender.post(f"/api/v1/rounds/{round_.slug}/submissions/", body)

    @pytest.mark.parametrize(
        ("source", "refused"),
        [
            (Licence.CC_BY_SA, [Licence.CC_BY, Licence.CC0, Licence.ALL_RIGHTS]),
            (Licence.CC_BY, [Licence.CC0]),
            (Licence.CC0, []),
        ],
    )
    def test_share_alike_and_credit_stay(self, sender, round_, source, refused):
        tune = self._changed(sender, publish(round_, source))

        found = {
            licence: self._submit(sender, round_, tune, licence=licence) for licence in refused
        }

        for answer in found.values():
            assert (answer.status_code, answer.json()["code"]) == (422, "licence_not_allowed")

    def test_the_right_licence_is_taken_when_none_is_named(self, sender, round_):
        tune = self._changed(sender, publish(round_, Licence.CC_BY_SA))

        body = self._submit(sender, round_, tune).json()

        assert body["licence"] == "cc-by-sa-4.0"
        assert [one["title"] for one in body["attributions"]] == ["Dawn"]

    def test_it_goes_on_through_generations_copies_and_remixes(self, sender, round_, participant):
        tune = self._changed(sender, publish(round_, Licence.CC_BY_SA))
        ask(tune)
        generate_everything()
        made = Composition.objects.get(origin="generation")
        copied = sender.post(f"/api/v1/compositions/{made.pk}/copies/").json()

        refused = self._submit(
            sender, round_, Composition.objects.get(pk=copied["id"]), licence=Licence.CC_BY
        )
        assert refused.json()["code"] == "licence_not_allowed"
        taken = self._submit(sender, round_, Composition.objects.get(pk=copied["id"]), title="Dusk")
        assert taken.status_code == 202

        work(at=timezone.now())
        second = Client()
        piece = Submission.objects.get(title="Dusk")
        sources = remix(second, piece).json()["attributions"]
        assert [one["title"] for one in sources] == ["Dawn", "Dusk"]
        assert {one["licence"] for one in sources} == {"cc-by-sa-4.0"}

    def test_the_form_offers_the_right_licence_and_refuses_another(
        self, sender, round_, signed_in: Client
    ):
        tune = self._changed(sender, publish(round_, Licence.CC_BY_SA))
        url = f"/rounds/{round_.slug}/submit/"
        page = signed_in.get(f"{url}?composition={tune.pk}").content.decode()
        assert 'value="cc-by-sa-4.0" selected' in page
        assert "Made from “Dawn” by Anna." in page

        form = form_of(midi=None, composition=str(tune.pk), licence="cc-by-4.0")
        answer = signed_in.post(url, form)

        assert answer.status_code == 422
        assert "may only be passed on under the licence" in text_of(answer.content.decode())

    def test_the_entry_shows_what_it_was_made_from(self, sender, round_, client: Client):
        source = publish(round_, Licence.CC_BY)
        self._submit(sender, round_, self._changed(sender, source), title="Dusk")
        work(at=timezone.now())

        entry = Submission.objects.get(title="Dusk").entry_id
        page = Client().get(f"/entries/{entry}/").content.decode()

        assert "Made from" in page
        assert f'href="/entries/{source.entry_id}/"' in page


def test_a_piece_whose_rights_are_not_confirmed_is_refused(api, participant, round_):
    api.force_authenticate(participant)
    body = {"midi": SimpleUploadedFile("a.mid", midi(4)), "rights": "false"}

    answer = api.post(f"/api/v1/rounds/{round_.slug}/submissions/", body)

    assert answer.status_code == 400
    assert "rights" in answer.json()["fields"]
