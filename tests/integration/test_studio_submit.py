"""Handing a composition in: its lineage goes with it, and cannot be made up."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from challenges.models import Submission
from studio.models import Composition
from tests.factories import make_person
from tests.pages import form_of, open_round, score_everything, text_of
from tests.rounds import midi
from tests.studio import ask, compose, generate_everything

UNKNOWN = "05fa845c-4602-4d06-8413-37457553e833"


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture
def round_():
    return open_round(min_seconds=1)


@pytest.fixture
def generated(participant) -> Composition:
    """A tune that was extended and then edited."""
    tune = compose(participant, title="Dawn")
    extended = ask(tune, "extend", seed=1)
    generate_everything()
    edited = ask(Composition.objects.get(generation=extended), "edit", seed=2)
    generate_everything()
    return Composition.objects.get(generation=edited)


def submit_url(round_) -> str:
    return f"/rounds/{round_.slug}/submit/"


def test_a_composition_is_handed_in_with_its_lineage(signed_in: Client, round_, generated):
    form = form_of(midi=None, composition=str(generated.pk), title="Dusk")

    answer = signed_in.post(submit_url(round_), form)

    submission = Submission.objects.get()
    assert answer.url == f"/submissions/{submission.pk}/"
    assert submission.midi_sha256 == generated.midi_sha256
    steps = [(s["technique"], s["seed"], s["model"]) for s in submission.lineage]
    assert steps == [("extend", 1, "transformer"), ("edit", 2, "ar_cnn")]
    assert submission.lineage[1]["parameters"]["sampling_iterations"] == 6
    assert len(submission.lineage[1]["sha256"]) == 64


def test_the_page_of_the_piece_tells_how_it_was_made(signed_in: Client, round_, generated):
    signed_in.post(submit_url(round_), form_of(midi=None, composition=str(generated.pk)))
    score_everything()

    page = signed_in.get(f"/entries/{Submission.objects.get().entry_id}/")

    assert "Keep going (Transformer)" in text_of(page.content.decode())


def test_a_required_technique_is_found_in_the_lineage(signed_in: Client, generated):
    round_ = open_round(min_seconds=1, techniques=["edit"])
    signed_in.post(submit_url(round_), form_of(midi=None, composition=str(generated.pk)))
    signed_in.post(submit_url(round_), form_of(midi(9), title="By hand"))
    score_everything()

    made, by_hand = Submission.objects.order_by("number")
    assert not _misses_technique(made)
    assert _misses_technique(by_hand)


def _misses_technique(submission: Submission) -> bool:
    reasons = " ".join(submission.scores.get().parts["fit"]["reasons"])
    return "Bach it" in reasons or "edit" in reasons


def test_the_form_chooses_the_composition_it_was_reached_with(signed_in: Client, round_, generated):
    page = signed_in.get(f"{submit_url(round_)}?composition={generated.pk}").content.decode()

    assert f'value="{generated.pk}" selected' in page
    assert f'value="{generated.title}"' in page


@pytest.mark.parametrize("chosen", ["", "x", UNKNOWN])
def test_a_composition_that_is_not_there_leaves_an_ordinary_form(
    signed_in: Client, round_, generated, chosen
):
    page = signed_in.get(f"{submit_url(round_)}?composition={chosen}")

    assert page.status_code == 200
    assert "selected" not in page.content.decode().split("id_composition")[1].split("</select>")[0]


def test_without_compositions_the_form_asks_for_a_file_alone(signed_in: Client, round_):
    assert "id_composition" not in signed_in.get(submit_url(round_)).content.decode()


def test_another_s_composition_cannot_be_handed_in(signed_in: Client, round_):
    other = compose(make_person())

    answer = signed_in.post(submit_url(round_), form_of(midi=None, composition=str(other.pk)))

    assert answer.status_code == 422
    assert not Submission.objects.exists()


def test_neither_or_both_are_refused(signed_in: Client, round_, generated):
    neither = signed_in.post(submit_url(round_), form_of(midi=None))
    both = signed_in.post(submit_url(round_), form_of(composition=str(generated.pk)))

    assert neither.context["form"].errors["midi"] == ["Choose the MIDI file of your piece."]
    assert "either" in both.context["form"].errors["midi"][0]
    assert not Submission.objects.exists()


class TestApi:
    """The same by `rounds/<slug>/submissions/`."""

    @pytest.fixture
    def sender(self, api: APIClient, participant) -> APIClient:
        api.force_authenticate(participant)
        return api

    def url(self, round_) -> str:
        return f"/api/v1/rounds/{round_.slug}/submissions/"

    def test_a_composition_is_handed_in_with_its_lineage(self, sender, round_, generated):
        answer = sender.post(self.url(round_), {"composition": str(generated.pk)})

        assert answer.status_code == 202
        body = answer.json()
        assert body["title"] == generated.title
        assert [step["technique"] for step in body["lineage"]] == ["extend", "edit"]

    def test_a_lineage_cannot_be_made_up(self, sender, round_):
        made_up = '[{"technique": "edit"}]'
        file = SimpleUploadedFile("a.mid", midi(4))

        answer = sender.post(self.url(round_), {"midi": file, "lineage": made_up})

        assert answer.status_code == 202
        assert Submission.objects.get().lineage == []

    def test_another_s_or_a_deleted_composition_is_refused(self, sender, round_, generated):
        other = compose(make_person())
        generated.deleted_at = timezone.now() - timedelta(days=1)
        generated.save()

        for composition in (other, generated):
            answer = sender.post(self.url(round_), {"composition": str(composition.pk)})
            assert answer.status_code == 400
            assert "composition" in answer.json()["fields"]

    def test_neither_or_both_are_refused(self, sender, round_, generated):
        neither = sender.post(self.url(round_), {"title": "x"})
        file = SimpleUploadedFile("a.mid", midi(4))
        both = sender.post(self.url(round_), {"midi": file, "composition": str(generated.pk)})

        for answer in (neither, both):
            assert answer.status_code == 400
            assert "midi" in answer.json()["fields"]
