"""What a piece would score, and which rules it keeps, before it is handed in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from challenges.models import BoardRow, Entry, Estimate, QuotaUse, Score, Submission
from challenges.services.estimating import drop_old_estimates
from jobs.models import Job
from jobs.states import Fault, Priority, State
from studio.models import DiscardedFile
from studio.services.guests import adopt_guest_work, create_guest
from tests.factories import make_person
from tests.pages import open_round, score_everything
from tests.rounds import hand_in, midi
from tests.studio import ask, compose, generate_everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture
def round_():
    return open_round(min_seconds=10, max_seconds=60, max_tracks=2)


@pytest.fixture
def person(api: APIClient, participant) -> APIClient:
    api.force_authenticate(participant)
    return api


def address(round_, what: str = "estimates") -> str:
    return f"/api/v1/rounds/{round_.slug}/{what}/"


def estimate(client, round_, music: bytes | None = None):
    return client.post(address(round_), music or midi(1), content_type="audio/midi")


class TestEstimates:
    """`rounds/<slug>/estimates/` and `estimates/<id>/`"""

    def test_it_is_what_the_entry_would_get_and_leaves_no_trace(self, person, round_, participant):
        answer = estimate(person, round_)
        assert (answer.status_code, answer["Location"]) == (202, answer.json()["url"])
        assert (answer.json()["state"], answer.json()["score"]) == ("waiting", None)
        assert Job.objects.get(kind="estimate").priority == Priority.LOW
        score_everything()

        body = person.get(answer.json()["url"]).json()

        assert (body["state"], body["final"]) == ("succeeded", True)
        for table in (Submission, Entry, Score, QuotaUse, BoardRow):
            assert not table.objects.exists()
        hand_in(round_, participant, seed=1, at=timezone.now())
        score_everything()
        real = Score.objects.get()
        assert body["score"] == real.total
        assert (body["parts"], body["metrics"]) == (real.parts, real.metrics)

    def test_it_explains_itself_as_the_entry_page_does(self, person, round_):
        url = estimate(person, round_).json()["url"]
        score_everything()

        body = person.get(url).json()

        told = body["explanation"]
        assert [part["name"] for part in told["parts"]] == ["music", "originality", "fit"]
        assert sum(part["points"] for part in told["parts"]) == pytest.approx(body["score"])
        assert 0 < len(told["suggestions"]) <= 3
        assert all(line["advice"] for line in told["suggestions"])
        assert [check["name"] for check in body["checks"]] == ["length", "tracks"]

    def test_a_composition_is_estimated_with_its_lineage(self, person, participant):
        round_ = open_round(min_seconds=1, techniques=["extend"])
        tune = compose(participant)
        generation = ask(tune)
        generate_everything()
        scores = []
        for piece in (tune, generation.output):
            body = {"composition": str(piece.pk)}
            url = person.post(address(round_), body, format="json").json()["url"]
            score_everything()
            found = person.get(url).json()
            scores.append(found["parts"]["fit"]["value"])

        assert scores == [0, 100]

    def test_the_same_question_has_the_same_answer(self, person, round_):
        first, second = (estimate(person, round_).json()["id"] for _ in range(2))
        other = estimate(person, round_, midi(2)).json()["id"]

        assert first == second != other

    def test_one_person_has_a_few_under_way(self, person, round_, settings):
        settings.MAX_ESTIMATES_AT_ONCE = 2
        for seed in (1, 2):
            assert estimate(person, round_, midi(seed)).status_code == 202

        answer = estimate(person, round_, midi(3))

        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_estimates")

    @pytest.mark.parametrize("scope", ["estimates", "address_estimates"])
    def test_and_asks_for_a_bounded_number(self, client: Client, round_, settings, scope):
        known = settings.REST_FRAMEWORK
        rates = known["DEFAULT_THROTTLE_RATES"] | {scope: "1/hour"}
        settings.REST_FRAMEWORK = known | {"DEFAULT_THROTTLE_RATES": rates}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", rates)
            statuses = [estimate(Client(), round_, midi(n)).status_code for n in range(2)]

        assert statuses == [202, 429]

    def test_a_guest_reads_it_before_and_after_signing_in_and_nobody_else(
        self, client: Client, round_, participant
    ):
        url = estimate(client, round_).json()["url"]
        assert client.get(url).status_code == 200
        assert Client().get(url).status_code == 404

        adopt_guest_work(guest=Estimate.objects.get().guest, user=participant, now=timezone.now())
        client.force_login(participant)

        assert client.get(url).status_code == 200

    def test_it_is_kept_for_an_hour(self, person, round_):
        url = estimate(person, round_).json()["url"]
        drop_old_estimates(timezone.now())
        assert person.get(url).status_code == 200

        Estimate.objects.update(created_at=timezone.now() - timedelta(hours=1))
        assert person.get(url).status_code == 404
        drop_old_estimates(timezone.now())

        assert not Estimate.objects.exists()
        assert Job.objects.get().state == State.CANCELLED
        assert DiscardedFile.objects.count() == 1

    def test_another_s_composition_does_not_exist(self, person, round_):
        other = compose(create_guest(now=timezone.now()))

        answer = person.post(address(round_), {"composition": str(other.pk)}, format="json")

        assert answer.status_code == 400
        assert "composition" in answer.json()["fields"]

    @pytest.mark.parametrize(("music", "code"), [(b"GIF89a", "not_midi"), (b"MThd", "truncated")])
    def test_what_is_no_music_is_refused(self, person, round_, music, code):
        answer = estimate(person, round_, music)

        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert not Estimate.objects.exists()

    def test_a_fault_of_the_platform_is_not_shown_as_the_person_s(self, person, round_):
        url = estimate(person, round_).json()["url"]
        Job.objects.update(
            state=State.FAILED,
            fault=Fault.PLATFORM,
            finished_at=timezone.now(),
            error_detail="KeyError: x",
        )

        body = person.get(url).json()

        assert (body["state"], body["code"], body["score"]) == ("failed", "platform_failed", None)
        assert "KeyError" not in body["detail"]

    def test_what_others_handed_in_is_not_found_out_by_it(self, person, round_):
        author = create_other(round_)
        url = estimate(person, round_, midi(5)).json()["url"]
        score_everything()

        body = person.get(url).json()

        assert body["parts"]["originality"]["value"] == 100
        assert str(author.pk) not in str(body)


def create_other(round_) -> Submission:
    piece = hand_in(round_, make_person(), seed=5, at=timezone.now())
    score_everything()
    return piece


class TestChecks:
    """`rounds/<slug>/checks/`"""

    def _check(self, client, round_, seconds: int = 30) -> dict:
        music = midi(1, seconds=seconds)
        answer = client.post(address(round_, "checks"), music, content_type="audio/midi")
        assert answer.status_code == 200
        return answer.json()

    def test_a_piece_within_the_rules_keeps_all(self, client: Client, round_):
        body = self._check(client, round_)

        assert (body["kept"], body["refused"]) == (True, False)
        assert [check["name"] for check in body["checks"]] == ["length", "tracks", "open"]
        assert not Job.objects.exists()

    def test_what_is_broken_is_named_with_its_rule(self, client: Client, round_):
        body = self._check(client, round_, seconds=90)

        [length] = [check for check in body["checks"] if not check["kept"]]
        assert length["name"] == "length"
        assert length["rule"] == "Your piece lasts 0:10 to 1:00 minutes."
        assert "1:30" in length["reason"]
        assert (body["kept"], body["refused"]) == (False, False)

    def test_where_such_pieces_are_refused_it_says_so(self, client: Client):
        strict = open_round(min_seconds=10, max_seconds=60, refuse_outside_rules=True)

        assert self._check(client, strict, seconds=90)["refused"]

    def test_a_missing_technique_costs_points_but_is_never_refused(self, person, participant):
        round_ = open_round(min_seconds=1, techniques=["edit"], refuse_outside_rules=True)
        tune = {"composition": str(compose(participant).pk)}

        body = person.post(address(round_, "checks"), tune, format="json").json()

        broken = {check["name"] for check in body["checks"] if not check["kept"]}
        assert (broken, body["refused"]) == ({"techniques"}, False)

    def test_the_time_and_the_quota_are_looked_at_too(self, person, participant):
        round_ = open_round(min_seconds=10, quota=1)
        hand_in(round_, participant, seed=2, at=timezone.now())
        closed = open_round(min_seconds=10, closes_at=timezone.now() + timedelta(hours=1))
        closed.closes_at = timezone.now() - timedelta(minutes=1)
        closed.save()

        used, over = self._check(person, round_), self._check(person, closed)

        assert [c["name"] for c in used["checks"] if not c["kept"]] == ["quota"]
        assert [c["name"] for c in over["checks"] if not c["kept"]] == ["open"]
        assert used["refused"]
        assert over["refused"]
