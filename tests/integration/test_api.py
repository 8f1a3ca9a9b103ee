"""The API of rounds, boards, entries, jobs, revisions and challenges."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from challenges.models import Challenge, Round, ScoringRevision, Submission
from challenges.phases import Phase
from challenges.services.submitting import pick, withdraw
from jobs.models import Job
from jobs.states import Fault
from tests.factories import make_person
from tests.rounds import fail_next, hand_in, make_challenge, make_round, scored, work

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def round_() -> Round:
    now = timezone.now()
    return make_round(opens_at=now - 3 * DAY, closes_at=now + 3 * DAY)


@pytest.fixture
def desk(organizer: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(organizer)
    return client


class TestRounds:
    """`rounds/` and `rounds/<slug>/`."""

    def test_are_listed_by_phase(self, api: APIClient):
        now = timezone.now()
        open_ = make_round(opens_at=now - DAY, closes_at=now + DAY)
        coming = make_round(opens_at=now + DAY, closes_at=now + 2 * DAY)
        make_round(opens_at=now - DAY, closes_at=now + DAY, published=False)

        found = api.get("/api/v1/rounds/", {"phase": "open"}).json()["results"]
        everything = api.get("/api/v1/rounds/").json()["results"]

        assert [(r["slug"], r["phase"]) for r in found] == [(open_.slug, "open")]
        assert [r["slug"] for r in everything] == [coming.slug, open_.slug]
        assert api.get("/api/v1/rounds/", {"phase": "soon"}).status_code == 400

    def test_tell_dates_rules_and_the_callers_quota(
        self, api: APIClient, participant: User, round_: Round
    ):
        hand_in(round_, participant, at=timezone.now())

        anonymous = api.get(f"/api/v1/rounds/{round_.slug}/").json()
        api.force_authenticate(participant)
        own = api.get(f"/api/v1/rounds/{round_.slug}/").json()

        assert anonymous["phase"] == "open"
        assert anonymous["rules"]["weights"] == {"music": 0.7, "originality": 0.2, "fit": 0.1}
        assert anonymous["rules"]["style"] == ""
        assert anonymous["quota"]["used"] is None
        assert (own["quota"]["limit"], own["quota"]["used"], own["quota"]["left"]) == (5, 1, 4)
        assert datetime.fromisoformat(own["now"]) - timezone.now() < timedelta(minutes=1)

    def test_that_are_archived_leave_the_list_and_keep_their_address(
        self, api: APIClient, round_: Round
    ):
        Round.objects.filter(pk=round_.pk).update(archived_at=timezone.now())

        assert api.get("/api/v1/rounds/").json()["results"] == []
        assert api.get(f"/api/v1/rounds/{round_.slug}/").json()["phase"] == "archived"

    def test_are_made_with_dates_as_clocks_in_the_zone_show_them(self, desk: APIClient):
        make_challenge(slug="canon", zone="Europe/Paris")
        body = {
            "challenge": "canon",
            "title": "Canon, summer",
            "opens_at": "2031-07-01T00:00",
            "closes_at": "2031-08-01T00:00:00Z",
        }

        answer = desk.post("/api/v1/rounds/", body, format="json")

        assert answer.status_code == 201
        assert answer.json()["phase"] == "draft"
        made = Round.objects.get(slug="canon-summer")
        assert made.opens_at == datetime(2031, 6, 30, 22, tzinfo=UTC)
        assert made.closes_at == datetime(2031, 8, 1, tzinfo=UTC)
        assert answer["Location"] == answer.json()["url"]

    @pytest.mark.parametrize("moment", ["2026-03-29T02:30", "2026-10-25T02:30"])
    def test_refuse_times_that_a_clock_shows_twice_or_never(self, desk: APIClient, moment: str):
        make_challenge(slug="canon", zone="Europe/Paris")
        body = {
            "challenge": "canon",
            "title": "x",
            "opens_at": "2026-01-01T00:00",
            "closes_at": moment,
        }

        answer = desk.post("/api/v1/rounds/", body, format="json")

        assert (answer.status_code, answer.json()["code"]) == (422, "unclear_local_time")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"opens_at": "soon"}, "opens_at"),
            ({"opens_at": 5}, "opens_at"),
            ({"closes_at": "2031-13-45T99:00"}, "closes_at"),
            ({"challenge": "unheard"}, "challenge"),
            ({"zone": "Mars/Olympus"}, "zone"),
            ({"slug": "a b"}, "slug"),
        ],
    )
    def test_name_the_field_that_does_not_fit(
        self, desk: APIClient, change: dict[str, object], field: str
    ):
        make_challenge(slug="canon")
        body = {
            "challenge": "canon",
            "title": "x",
            "opens_at": "2031-01-01T00:00",
            "closes_at": "2031-02-01T00:00",
        }

        answer = desk.post("/api/v1/rounds/", body | change, format="json")

        assert answer.status_code == 400
        assert list(answer.json()["fields"]) == [field]


class TestDecisions:
    """`rounds/<slug>/decisions/`."""

    def test_change_the_round_and_are_kept_with_their_reason(
        self, desk: APIClient, organizer: User, round_: Round
    ):
        url = f"/api/v1/rounds/{round_.slug}/decisions/"

        paused = desk.post(url, {"decision": "pause", "reason": "A fault."}, format="json")
        desk.post(url, {"decision": "resume"}, format="json")
        lines = desk.get(url).json()["results"]

        assert paused.json()["paused"] is True
        assert [line["action"] for line in lines[:2]] == ["resume round", "pause round"]
        assert (lines[1]["actor"], lines[1]["reason"]) == (organizer.username, "A fault.")

    def test_in_the_wrong_phase_are_conflicts(self, desk: APIClient, round_: Round):
        url = f"/api/v1/rounds/{round_.slug}/decisions/"

        answer = desk.post(url, {"decision": "finalize"}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_phase")
        assert "provisional results" in answer.json()["detail"]

    @pytest.mark.parametrize("decision", ["pause", "extend", "close", "cancel"])
    def test_that_hurt_participants_need_a_reason(
        self, desk: APIClient, round_: Round, decision: str
    ):
        url = f"/api/v1/rounds/{round_.slug}/decisions/"

        answer = desk.post(url, {"decision": decision, "reason": " "}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (422, "reason_missing")

    def test_extend_to_a_local_time_and_never_shorten(self, desk: APIClient, round_: Round):
        url = f"/api/v1/rounds/{round_.slug}/decisions/"

        def extend(**body: object) -> tuple[int, str | None]:
            answer = desk.post(
                url, {"decision": "extend", "reason": "Late start.", **body}, format="json"
            )
            return answer.status_code, answer.json().get("code")

        later = (round_.closes_at + DAY).replace(tzinfo=None).isoformat()
        assert extend() == (422, "invalid_dates")
        assert extend(closes_at=timezone.now().isoformat()) == (422, "invalid_dates")
        assert extend(closes_at=later)[0] == 200
        assert Round.objects.get(pk=round_.pk).closes_at == round_.closes_at + DAY


class TestTheLeaderboard:
    """`rounds/<slug>/leaderboard/`."""

    def test_is_read_page_by_page_with_the_own_row_on_each(
        self, api: APIClient, participant: User, round_: Round
    ):
        now = timezone.now()
        scored(round_, 900, 800, 800, 700, at=now)
        hand_in(round_, participant, at=now)
        work(tenths=lambda _: 100, at=now)
        api.force_authenticate(participant)

        first = api.get(f"/api/v1/rounds/{round_.slug}/leaderboard/", {"page_size": 3}).json()
        second = api.get(first["next"]).json()
        back = api.get(second["previous"]).json()

        rows = first["results"] + second["results"]
        assert [(row["rank"], row["score"]) for row in rows] == [
            (1, 90),
            (2, 80),
            (2, 80),
            (4, 70),
            (5, 10),
        ]
        assert first["own"]["rank"] == second["own"]["rank"] == 5
        assert (first["total"], second["next"]) == (5, None)
        assert back["results"] == first["results"]

    def test_is_searched_and_keeps_the_search_on_the_next_page(self, api: APIClient, round_: Round):
        now = timezone.now()
        for seed in range(3):
            hand_in(round_, make_person(), seed=seed, title=f"Canon {seed}", at=now)
        hand_in(round_, make_person(), seed=9, title="Other", at=now)
        work(at=now)
        url = f"/api/v1/rounds/{round_.slug}/leaderboard/"

        page = api.get(url, {"search": "canon", "page_size": 2}).json()
        following = api.get(page["next"]).json()

        assert len(page["results"]) + len(following["results"]) == 3
        assert page["total"] == 4

    @pytest.mark.parametrize(
        "query",
        [{"after": "x"}, {"after": "x" * 5000}, {"page_size": 0}, {"page_size": "many"}],
    )
    def test_refuses_pages_that_it_never_gave(
        self, api: APIClient, round_: Round, query: dict[str, object]
    ):
        scored(round_, 500, at=timezone.now())

        answer = api.get(f"/api/v1/rounds/{round_.slug}/leaderboard/", query)

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")

    def test_takes_the_same_number_of_queries_for_any_number_of_rows(
        self, api: APIClient, round_: Round, django_assert_max_num_queries
    ):
        scored(round_, *range(100, 130), at=timezone.now())

        with django_assert_max_num_queries(6):
            api.get(f"/api/v1/rounds/{round_.slug}/leaderboard/")


class TestAFrozenBoard:
    """No endpoint tells the public what happened after the freeze."""

    @pytest.fixture
    def frozen(self) -> Round:
        """A round with one public piece (50.0) whose later and better ones are hidden."""
        now = timezone.now()
        round_ = make_round(opens_at=now - 3 * DAY, freeze_at=now - DAY, closes_at=now + DAY)
        self.person = make_person(username="composer")
        self.early = hand_in(round_, self.person, seed=1, at=now - 2 * DAY)
        work(tenths=lambda _: 500, at=now - 2 * DAY)
        self.late = hand_in(round_, self.person, seed=2, at=now)
        self.newcomer = hand_in(round_, make_person(username="newcomer"), seed=3, at=now)
        work(tenths=lambda _: 987, at=now)
        return round_

    def addresses(self, round_: Round) -> list[str]:
        return [
            "/api/v1/rounds/",
            f"/api/v1/rounds/{round_.slug}/",
            f"/api/v1/rounds/{round_.slug}/leaderboard/",
            f"/api/v1/rounds/{round_.slug}/leaderboard/?live=true",
            f"/api/v1/rounds/{round_.slug}/leaderboard/?search=newcomer",
            "/api/v1/entries/",
            f"/api/v1/entries/?round={round_.slug}",
            "/api/v1/entries/?participant=composer",
            "/api/v1/entries/?participant=newcomer",
            f"/api/v1/entries/{self.early.entry_id}/",
            f"/api/v1/entries/{self.newcomer.entry_id}/",
            f"/api/v1/submissions/{self.early.pk}/",
            f"/api/v1/submissions/{self.late.pk}/",
            f"/api/v1/submissions/{self.newcomer.pk}/",
            "/api/v1/people/composer/",
            "/api/v1/people/newcomer/",
            *(f"/api/v1/jobs/{job.pk}/" for job in Job.objects.all()),
        ]

    @pytest.mark.parametrize("signed_in", [False, True])
    def test_leaks_nothing_newer(self, api: APIClient, frozen: Round, signed_in: bool):
        if signed_in:
            api.force_authenticate(make_person(is_judge=True))

        for address in self.addresses(frozen):
            said = api.get(address).content.decode()
            assert "98.7" not in said, address
            assert str(self.late.pk) not in said, address
            assert str(self.newcomer.pk) not in said, address

        board = api.get(f"/api/v1/rounds/{frozen.slug}/leaderboard/").json()
        assert [row["score"] for row in board["results"]] == [50]
        assert (board["frozen"], board["total"]) == (True, 1)
        assert api.get(f"/api/v1/rounds/{frozen.slug}/").json()["entries"] == 1

    def test_shows_participants_their_own_scores(self, api: APIClient, frozen: Round):
        api.force_authenticate(self.person)

        own = api.get(f"/api/v1/submissions/{self.late.pk}/").json()
        board = api.get(f"/api/v1/rounds/{frozen.slug}/leaderboard/").json()

        assert own["score"] == 98.7
        assert (board["own"]["score"], board["own"]["rank"]) == (50, 1)

    def test_shows_organizers_the_live_one_when_they_ask(self, desk: APIClient, frozen: Round):
        live = desk.get(f"/api/v1/rounds/{frozen.slug}/leaderboard/", {"live": True}).json()

        assert [row["score"] for row in live["results"]] == [98.7, 98.7]

    def test_keeps_the_old_score_of_a_public_piece_when_a_revision_is_applied(
        self, api: APIClient, desk: APIClient, frozen: Round
    ):
        url = f"/api/v1/rounds/{frozen.slug}/revisions/"
        made = desk.post(url, {"scoring_rule": "sum", "reason": "Fairer."}, format="json").json()
        work(tenths=lambda _: 111, at=timezone.now())
        applied = desk.post(f"{made['url']}decisions/", {"decision": "apply"}, format="json")

        piece = api.get(f"/api/v1/submissions/{self.early.pk}/").json()

        assert applied.json()["state"] == "applied"
        assert piece["score"] == 50


class TestEntries:
    """`entries/`."""

    def test_pick_what_counts(self, api: APIClient, participant: User):
        now = timezone.now()
        round_ = make_round(opens_at=now - DAY, closes_at=now + DAY, counting="picked")
        good, modest = (hand_in(round_, participant, seed=s, at=now) for s in (1, 2))
        work(tenths=lambda piece: 900 if piece == good else 300, at=now)
        api.force_authenticate(participant)
        url = f"/api/v1/entries/{good.entry_id}/"

        body = api.patch(url, {"picked": str(modest.pk)}, format="json").json()

        assert (body["picked"], body["submission"], body["score"]) == (
            str(modest.pk),
            str(modest.pk),
            30,
        )

    def test_refuse_to_pick_anothers_piece(self, api: APIClient, participant: User, round_: Round):
        now = timezone.now()
        own = hand_in(round_, participant, seed=1, at=now)
        foreign = hand_in(round_, make_person(), seed=2, at=now)
        api.force_authenticate(participant)
        url = f"/api/v1/entries/{own.entry_id}/"

        answers = [
            api.patch(url, {"picked": picked}, format="json")
            for picked in (str(foreign.pk), "x", None)
        ]

        assert [answer.status_code for answer in answers] == [400, 400, 400]

    def test_in_a_round_that_counts_otherwise_are_not_picked(
        self, api: APIClient, participant: User, round_: Round
    ):
        piece = hand_in(round_, participant, at=timezone.now())
        api.force_authenticate(participant)

        answer = api.patch(
            f"/api/v1/entries/{piece.entry_id}/", {"picked": str(piece.pk)}, format="json"
        )

        assert (answer.status_code, answer.json()["code"]) == (409, "not_pickable")

    def test_of_a_person_are_listed_with_place_and_score(self, api: APIClient, round_: Round):
        now = timezone.now()
        scored(round_, 900, at=now)
        hand_in(round_, make_person(username="Ada"), at=now)
        work(tenths=lambda _: 800, at=now)

        [entry] = api.get("/api/v1/entries/", {"participant": "ada"}).json()["results"]

        assert (entry["participant"], entry["rank"], entry["score"]) == ("Ada", 2, 80)

    def test_without_a_public_piece_are_not_listed(
        self, api: APIClient, participant: User, round_: Round
    ):
        now = timezone.now()
        piece = hand_in(round_, participant, at=now)
        work(at=now)
        withdraw(submission=piece, now=now)

        assert api.get("/api/v1/entries/").json()["results"] == []
        api.force_authenticate(participant)
        assert len(api.get("/api/v1/entries/").json()["results"]) == 1

    def test_keep_their_pick_secret(self, api: APIClient, participant: User):
        now = timezone.now()
        round_ = make_round(opens_at=now - DAY, closes_at=now + DAY, counting="picked")
        piece = hand_in(round_, participant, at=now)
        work(at=now)
        pick(submission=piece, now=now)

        assert api.get(f"/api/v1/entries/{piece.entry_id}/").json()["picked"] is None


class TestEligibility:
    """Decisions about a piece, and appeals."""

    def test_runs_from_disqualified_over_appeal_to_reinstated(
        self, api: APIClient, desk: APIClient, participant: User, round_: Round
    ):
        now = timezone.now()
        piece = hand_in(round_, participant, at=now)
        work(at=now)
        url = f"/api/v1/submissions/{piece.pk}/"
        api.force_authenticate(participant)

        out = desk.post(
            f"{url}decisions/", {"decision": "disqualified", "reason": "A copy."}, format="json"
        )
        told = api.get(url).json()
        appealed = api.post(f"{url}appeals/", {"statement": "It is mine."}, format="json")
        back = desk.post(
            f"{url}decisions/", {"decision": "reinstated", "reason": "So it is."}, format="json"
        )

        assert out.json()["eligibility"] == "disqualified"
        assert (told["eligibility"], told["eligibility_reason"]) == ("disqualified", "A copy.")
        assert (appealed.status_code, appealed.json()["eligibility"]) == (201, "appealed")
        assert back.json()["eligibility"] == "reinstated"

    def test_is_not_appealed_by_organizers_for_somebody(self, desk: APIClient, round_: Round):
        [piece] = scored(round_, 500, at=timezone.now())

        answer = desk.post(
            f"/api/v1/submissions/{piece.pk}/decisions/",
            {"decision": "appealed", "reason": "x"},
            format="json",
        )

        assert answer.status_code == 400


class TestJobs:
    """`jobs/<id>/`."""

    def test_tell_how_far_they_are(self, api: APIClient, participant: User, round_: Round):
        hand_in(round_, participant, at=timezone.now())
        job = Job.objects.get(kind="score")
        api.force_authenticate(participant)

        body = api.get(f"/api/v1/jobs/{job.pk}/").json()

        assert (body["kind"], body["state"], body["final"]) == ("score", "ready", False)
        assert (body["position"], body["progress"], body["log"]) == (0, 0, [])
        assert body["age"] >= 0

    def test_are_cancelled_by_their_owner(self, api: APIClient, participant: User, round_: Round):
        hand_in(round_, participant, at=timezone.now())
        job = Job.objects.get(kind="score")
        api.force_authenticate(participant)

        first = api.delete(f"/api/v1/jobs/{job.pk}/")
        again = api.delete(f"/api/v1/jobs/{job.pk}/")

        assert (first.status_code, first.json()["state"]) == (202, "cancelled")
        assert (again.status_code, again.json()["code"]) == (409, "job_over")

    def test_are_tried_again_by_organizers(self, desk: APIClient, participant: User, round_: Round):
        now = timezone.now()
        hand_in(round_, participant, at=now)
        Job.objects.update(max_attempts=1)
        job = fail_next(error=RuntimeError("disk"), fault=Fault.PLATFORM, at=now)

        answer = desk.post(f"/api/v1/jobs/{job.pk}/attempts/")

        assert (answer.status_code, answer.json()["state"]) == (202, "ready")


class TestRevisions:
    """`rounds/<slug>/revisions/` and `revisions/<id>/`."""

    def test_are_started_previewed_and_applied(self, desk: APIClient, round_: Round):
        now = timezone.now()
        first, second = scored(round_, 900, 800, at=now)
        url = f"/api/v1/rounds/{round_.slug}/revisions/"

        started = desk.post(
            url,
            {"scoring_config": {"music": 1, "originality": 0, "fit": 0}, "reason": "Music only."},
            format="json",
        )
        work(tenths=lambda piece: 100 if piece == first else 800, at=now)
        preview = desk.get(started["Location"]).json()
        applied = desk.post(
            f"{started.json()['url']}decisions/", {"decision": "apply"}, format="json"
        )

        assert (started.status_code, started.json()["state"]) == (202, "running")
        assert started.json()["scoring_rule"] == "balanced"
        assert (preview["state"], preview["progress"]) == ("preview", 1)
        moves = preview["rank_moves"]
        assert (moves["entries"], moves["up"], moves["down"]) == (2, 1, 1)
        assert {(m["rank_before"], m["rank_after"]) for m in moves["moves"]} == {(1, 2), (2, 1)}
        assert applied.json()["state"] == "applied"
        listed = desk.get(url).json()["results"]
        assert [(r["number"], r["state"]) for r in listed] == [(2, "applied"), (1, "superseded")]
        assert second.scores.count() == 2

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"scoring_rule": "unheard", "reason": "x"}, 422),
            ({"scoring_config": {"music": "much"}, "reason": "x"}, 422),
            ({"style": "polka-metal", "reason": "x"}, 422),
            ({"scoring_config": [], "reason": "x"}, 400),
            ({}, 400),
        ],
    )
    def test_refuse_what_the_rule_does_not_take(
        self, desk: APIClient, round_: Round, body: dict[str, object], status: int
    ):
        answer = desk.post(f"/api/v1/rounds/{round_.slug}/revisions/", body, format="json")

        assert answer.status_code == status
        assert ScoringRevision.objects.count() == 1


class TestChallenges:
    """`challenges/`."""

    def test_are_made_and_changed(self, desk: APIClient, organizer: User):
        body = {
            "slug": "canon",
            "title": "Canon",
            "brief": "Write one.",
            "zone": "Asia/Tokyo",
            "techniques": ["accompany"],
            "scoring_config": {"music": 3, "fit": 1},
            "quota": 3,
        }

        made = desk.post("/api/v1/challenges/", body, format="json")
        changed = desk.patch("/api/v1/challenges/canon/", {"quota": 9}, format="json")

        assert made.status_code == 201
        assert (changed.json()["quota"], changed.json()["zone"]) == (9, "Asia/Tokyo")
        assert Challenge.objects.get().created_by == organizer

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"zone": "Nowhere"}, 400),
            ({"slug": "taken"}, 400),
            ({"min_seconds": 90, "max_seconds": 60}, 400),
            ({"min_tracks": 5, "max_tracks": 2}, 400),
            ({"techniques": ["magic"]}, 400),
            ({"quota": -1}, 400),
            ({"quota": 10**9}, 400),
            ({"scoring_rule": "unheard"}, 422),
            ({"scoring_config": {"music": -1}}, 422),
            ({"style": "unheard"}, 422),
        ],
    )
    def test_refuse_what_makes_no_sense(
        self, desk: APIClient, change: dict[str, object], status: int
    ):
        make_challenge(slug="taken")
        body = {"slug": "canon", "title": "Canon", "brief": "Write one."}

        answer = desk.post("/api/v1/challenges/", body | change, format="json")

        assert answer.status_code == status
        assert not Challenge.objects.filter(slug="canon").exists()

    def test_are_not_deleted(self, desk: APIClient):
        make_challenge(slug="canon")

        assert desk.delete("/api/v1/challenges/canon/").status_code == 405


def test_phases_of_the_api_are_those_of_the_domain(api: APIClient):
    for phase in Phase:
        assert api.get("/api/v1/rounds/", {"phase": phase.value}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "people/%00/",
        "entries/?participant=%00",
        "entries/?round=%00",
        "entries/?cursor=%00",
        "rounds/?phase=%00",
        "rounds/?cursor=cD14",  # p=x, and no date
        "rounds/?cursor=cD0lMDA=",
        "rounds/?cursor=bz05OTk5OTk5OTk5OTk5OTk5OTk5OTk5",
        "rounds/{slug}/leaderboard/?search=%00",
        "rounds/{slug}/leaderboard/?after=%00",
        "rounds/{slug}/leaderboard/?search=%ff%fe&page_size=99999999999999999999",
        "rounds/{slug}/submissions/?cursor=cD14",
        "rounds/{slug}/revisions/?cursor=cD0xMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMA==",
        "rounds/{slug}/decisions/?cursor=cD14",
        "challenges/?cursor=cD14",
        "revisions/99999999999999999999999/",
    ],
)
def test_no_address_whatever_is_the_servers_fault(desk: APIClient, round_: Round, path: str):
    scored(round_, 500, at=timezone.now())
    desk.raise_request_exception = False

    assert desk.get("/api/v1/" + path.format(slug=round_.slug)).status_code < 500


def test_a_submission_that_does_not_exist_is_not_found(api: APIClient):
    answer = api.get("/api/v1/submissions/00000000-0000-0000-0000-000000000000/")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not Submission.objects.exists()


def test_the_description_in_the_repository_is_the_apis(tmp_path: Path):
    fresh = tmp_path / "openapi.yaml"

    call_command("spectacular", file=str(fresh), fail_on_warn=True, validate=True)

    committed = Path(__file__).parents[2] / "docs" / "openapi.yaml"
    assert fresh.read_text() == committed.read_text()
