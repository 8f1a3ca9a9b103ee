"""The desk: what it shows, what it does, and whom it lets in. No page needs a script."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditRecord, User
from challenges.desk_urls import urlpatterns
from challenges.models import Challenge, Round, ScoringRevision, Submission
from challenges.models.entry import Eligibility
from challenges.models.score import RevisionState
from challenges.phases import Phase
from challenges.selectors.desk import needs_a_person, round_health
from challenges.services.decisions import Decision, possible_decisions
from challenges.services.reviewing import appeal, judge_eligibility
from challenges.services.revisions import start_revision
from challenges.services.rounds import pause
from jobs.models import Job
from jobs.states import Fault, State
from tests.factories import make_person
from tests.rounds import fail_next, hand_in, make_challenge, make_round, scored, work

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def desk(client: Client, organizer: User) -> Client:
    client.force_login(organizer)
    return client


@pytest.fixture
def round_() -> Round:
    now = timezone.now()
    return make_round(opens_at=now - 3 * DAY, closes_at=now + 3 * DAY, slug="canon")


CHALLENGE = {
    "title": "Canon",
    "slug": "canon-at-the-fifth",
    "brief": "Write a **canon**.\n\n<script>alert(1)</script>",
    "zone": "Europe/Paris",
    "recurrence": "monthly",
    "is_active": "on",
    "min_seconds": "20",
    "max_seconds": "120",
    "min_tracks": "2",
    "max_tracks": "4",
    "techniques": ["edit"],
    "quota": "3",
    "quota_period": "week",
    "counting": "latest",
    "style": "chorale",
    "scoring_rule": "sum",
    "weight_music": "50",
    "weight_originality": "30",
    "weight_fit": "20",
}


class TestWhoMayCome:
    """Organizers, and nobody else."""

    @pytest.fixture
    def addresses(self, round_: Round) -> list[str]:
        piece = hand_in(round_, make_person(), at=timezone.now())
        values = {
            "desk": [],
            "desk-challenge-new": [],
            "desk-challenge": ["canon"],
            "desk-round-new": ["canon"],
            "desk-round": [round_.slug],
            "desk-decide": [round_.slug, "pause"],
            "desk-revisions": [round_.slug],
            "desk-revision": [round_.live_board.revision_id],
            "desk-reviews": [],
            "desk-review": [piece.pk],
            "desk-jobs": [],
            "desk-job": [Job.objects.get(kind="score").pk],
        }
        assert set(values) == {pattern.name for pattern in urlpatterns}
        return [reverse(name, args=args) for name, args in values.items()]

    def test_organizers_see_every_page(self, desk: Client, addresses: list[str]):
        for address in addresses:
            assert desk.get(address).status_code == 200, address

    def test_strangers_are_asked_to_sign_in(self, client: Client, addresses: list[str]):
        for address in addresses:
            for method in (client.get, client.post):
                answer = method(address)
                assert answer.status_code == 302
                assert answer["Location"].startswith(reverse("account_login"))

    @pytest.mark.parametrize("role", [{}, {"is_judge": True}, {"is_staff": True}])
    def test_participants_judges_and_staff_are_turned_away(
        self, client: Client, addresses: list[str], role: dict[str, bool]
    ):
        client.force_login(make_person(**role))
        for address in addresses:
            for method in (client.get, client.post):
                assert method(address).status_code == 403, address


class TestTheOverview:
    """Rounds in order, then what needs a person."""

    def test_is_quiet_when_nothing_needs_anybody(self, desk: Client, round_: Round):
        page = desk.get(reverse("desk")).content.decode()

        assert round_.title in page
        assert "Nothing: all is running by itself." in page

    def test_names_everything_that_waits_for_a_decision(self, desk: Client, organizer: User):
        now = timezone.now()
        running = {"opens_at": now - 3 * DAY, "closes_at": now + 3 * DAY}
        over = {"opens_at": now - 3 * DAY, "closes_at": now - DAY}
        pause(round_=make_round(**running, title="Paused"), actor=organizer, reason="x", now=now)
        make_round(opens_at=now + DAY, closes_at=now + 9 * DAY, published=False, title="Draft")
        make_round(opens_at=now + 30 * DAY, closes_at=now + 60 * DAY, published=False)
        for title, at in (("Drained", {"drained_at": now}), ("Shown", {"results_at": now})):
            round_ = make_round(**over, title=title)
            Round.objects.filter(pk=round_.pk).update(**at)
        busy = make_round(**running, title="Busy")
        hand_in(busy, make_person(), seed=1, at=now)
        hand_in(busy, make_person(), seed=1, at=now)
        Job.objects.update(max_attempts=1)
        fail_next(error=RuntimeError("disk"), fault=Fault.PLATFORM, at=now)

        needs = needs_a_person(now)
        page = desk.get(reverse("desk")).content.decode()

        assert [len(needs.drafts), len(needs.paused), len(needs.results), len(needs.finals)] == [
            1,
            1,
            1,
            1,
        ]
        assert (needs.reviews, needs.failures) == (1, 1)
        assert bool(needs)
        for said in (
            "is paused: nobody can hand in.",
            "opens within a week and is still a draft.",
            "Publish the results",
            "Make them final",
            "1 piece waits for a decision.",
            "1 job failed",
        ):
            assert said in page

    def test_shows_a_revision_that_is_ready(self, desk: Client, organizer: User, round_: Round):
        now = timezone.now()
        start_revision(
            round_=round_,
            actor=organizer,
            reason="x",
            now=now,
            scoring_rule="sum",
            scoring_config={},
            style="",
        )
        work(at=now)

        assert "is scored and not applied." in desk.get(reverse("desk")).content.decode()


class TestChallenges:
    """A form with a preview."""

    def test_are_previewed_as_a_round_will_read_without_saving(self, desk: Client):
        answer = desk.post(reverse("desk-challenge-new"), {**CHALLENGE, "preview": "1"})
        page = answer.content.decode()

        assert answer.status_code == 200
        assert "<strong>canon</strong>" in page
        assert "<script>alert" not in page
        assert "Your piece lasts 0:20 to 2:00 minutes." in page
        assert page.count("A round begins") == 2
        assert not Challenge.objects.exists()

    def test_are_saved_as_they_were_typed(self, desk: Client, organizer: User):
        answer = desk.post(reverse("desk-challenge-new"), CHALLENGE)

        challenge = Challenge.objects.get()
        assert answer["Location"] == reverse("desk-challenge", args=[challenge.slug])
        assert (challenge.created_by, challenge.zone, challenge.quota) == (
            organizer,
            "Europe/Paris",
            3,
        )
        assert challenge.scoring_config == {"music": 50, "originality": 30, "fit": 20}
        assert (challenge.techniques, challenge.style) == (["edit"], "chorale")
        assert AuditRecord.objects.get().action == "create challenge"

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"title": ""}, "This field is required."),
            ({"slug": "taken"}, "already exists"),
            ({"slug": "a b"}, "slug"),
            ({"zone": "Mars"}, "Select a valid choice"),
            ({"max_seconds": "10"}, "The upper limit is below the lower one."),
            ({"max_tracks": "99"}, "less than or equal to 64"),
            ({"quota": "-1"}, "greater than or equal to 0"),
            ({"weight_music": "x"}, "Enter a number."),
            (
                {"weight_music": "0", "weight_originality": "0", "weight_fit": "0"},
                "At least one weight",
            ),
            ({"scoring_rule": "unheard"}, "Select a valid choice"),
        ],
    )
    def test_that_make_no_sense_are_refused_at_the_field(
        self, desk: Client, change: dict[str, str], said: str
    ):
        make_challenge(slug="taken")

        answer = desk.post(reverse("desk-challenge-new"), CHALLENGE | change)

        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert Challenge.objects.count() == 1

    def test_that_change_leave_present_rounds_alone_and_a_line_in_the_log(
        self, desk: Client, round_: Round
    ):
        challenge = round_.challenge
        typed = CHALLENGE | {"slug": challenge.slug, "quota": "9"}

        answer = desk.post(reverse("desk-challenge", args=[challenge.slug]), typed)

        assert answer.status_code == 302
        challenge.refresh_from_db()
        round_.refresh_from_db()
        assert (challenge.quota, round_.quota) == (9, 5)
        line = AuditRecord.objects.filter(action="change challenge").get()
        assert line.detail["quota"] == ["5", "9"]

    def test_fill_the_form_with_what_they_are(self, desk: Client):
        make_challenge(slug="canon", scoring_config={"music": 1, "originality": 1, "fit": 2})

        page = desk.get(reverse("desk-challenge", args=["canon"])).content.decode()

        assert 'name="weight_fit" value="50"' in page


class TestNewRounds:
    """Dates in a zone."""

    TYPED = {
        "title": "Canon, July",
        "zone": "Europe/Paris",
        "opens_at": "2031-07-01T00:00",
        "freeze_at": "",
        "closes_at": "2031-08-01T00:00",
    }

    def test_suggest_the_next_month_in_the_challenges_zone(self, desk: Client):
        make_challenge(slug="canon", zone="Asia/Tokyo")

        page = desk.get(reverse("desk-round-new", args=["canon"])).content.decode()

        assert '<option value="Asia/Tokyo" selected>' in page
        assert '-01T00:00"' in page

    def test_show_their_dates_before_they_are_made(self, desk: Client):
        make_challenge(slug="canon")
        url = reverse("desk-round-new", args=["canon"])

        answer = desk.post(url, self.TYPED | {"preview": "1"})

        assert "2031-06-30T22:00:00Z" in answer.content.decode()
        assert not Round.objects.exists()

    def test_are_made_as_drafts(self, desk: Client):
        make_challenge(slug="canon", zone="UTC")

        answer = desk.post(reverse("desk-round-new", args=["canon"]), self.TYPED)

        round_ = Round.objects.get()
        assert answer["Location"] == reverse("desk-round", args=[round_.slug])
        assert round_.opens_at == datetime(2031, 6, 30, 22, tzinfo=UTC)
        assert (round_.zone, round_.published_at) == ("Europe/Paris", None)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"opens_at": "2031-03-30T02:30"}, "never show 2031-03-30 02:30"),
            ({"closes_at": "2031-10-26T02:30"}, "twice, at 00:30 and 01:30 UTC"),
            ({"closes_at": "2031-06-01T00:00"}, "A round must open before it closes."),
            (
                {"opens_at": "2001-01-01T00:00", "closes_at": "2001-02-01T00:00"},
                "lies in the past",
            ),
            ({"freeze_at": "2031-06-01T00:00"}, "can freeze only between"),
            ({"opens_at": "tomorrow"}, "Write a date and time"),
            ({"opens_at": "2031-13-99T99:99"}, "Write a date and time"),
            ({"opens_at": "2031-07-01T00:00Z"}, "Write a date and time"),
            ({"title": ""}, "This field is required."),
        ],
    )
    def test_with_unclear_or_wrong_dates_are_refused(
        self, desk: Client, change: dict[str, str], said: str
    ):
        make_challenge(slug="canon")

        answer = desk.post(reverse("desk-round-new", args=["canon"]), self.TYPED | change)

        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not Round.objects.exists()


class TestDecisions:
    """Each on a page of its own, with its effect, a reason and a button."""

    def test_are_offered_by_phase(self, desk: Client, round_: Round):
        page = desk.get(reverse("desk-round", args=[round_.slug])).content.decode()

        for decision in ("pause", "extend", "close", "cancel"):
            assert reverse("desk-decide", args=[round_.slug, decision]) in page
        for decision in ("publish", "resume", "finalize", "archive"):
            assert reverse("desk-decide", args=[round_.slug, decision]) not in page

    def test_are_taken_with_a_reason_that_the_log_keeps(
        self, desk: Client, organizer: User, round_: Round
    ):
        url = reverse("desk-decide", args=[round_.slug, "pause"])
        assert "No piece is taken" in desk.get(url).content.decode()

        answer = desk.post(url, {"reason": "The store is down."}, follow=True)

        round_.refresh_from_db()
        assert round_.paused_at is not None
        page = answer.content.decode()
        assert "Done: pause." in page
        assert "The store is down." in page
        assert AuditRecord.objects.filter(actor=organizer, action="pause round").exists()

    def test_without_the_reason_that_participants_are_owed_are_refused(
        self, desk: Client, round_: Round
    ):
        answer = desk.post(reverse("desk-decide", args=[round_.slug, "cancel"]), {"reason": " "})

        round_.refresh_from_db()
        assert answer.status_code == 422
        assert round_.cancelled_at is None

    def test_in_the_wrong_phase_say_so(self, desk: Client, round_: Round):
        url = reverse("desk-decide", args=[round_.slug, "finalize"])

        asked = desk.get(url, follow=True)
        sent = desk.post(url, {"reason": ""})

        assert "is not possible now" in asked.content.decode()
        assert sent.status_code == 409
        assert "provisional results" in sent.content.decode()

    def test_extend_a_round_to_a_time_in_its_zone(self, desk: Client):
        now = timezone.now()
        round_ = make_round(opens_at=now - DAY, closes_at=now + DAY, zone="Europe/Paris")
        url = reverse("desk-decide", args=[round_.slug, "extend"])

        shorter = desk.post(url, {"closes_at": "2001-01-01T00:00", "reason": "x"})
        unclear = desk.post(url, {"closes_at": "2031-03-30T02:30", "reason": "x"})
        longer = desk.post(url, {"closes_at": "2031-07-01T00:00", "reason": "Late start."})

        round_.refresh_from_db()
        assert (shorter.status_code, unclear.status_code, longer.status_code) == (422, 422, 302)
        assert round_.closes_at == datetime(2031, 6, 30, 22, tzinfo=UTC)

    def test_that_nobody_knows_are_not_found(self, desk: Client, round_: Round):
        assert desk.get(reverse("desk-decide", args=[round_.slug, "explode"])).status_code == 404

    def test_carry_a_round_through_its_whole_life(self, desk: Client):
        now = timezone.now()
        round_ = make_round(opens_at=now - DAY, closes_at=now + DAY, published=False)

        def decide(decision: str) -> Phase:
            url = reverse("desk-decide", args=[round_.slug, decision])
            assert desk.post(url, {"reason": "As planned."}).status_code == 302, decision
            round_.refresh_from_db()
            return round_.phase(timezone.now())

        assert decide("publish") == Phase.OPEN
        assert decide("close") == Phase.CLOSED
        Round.objects.filter(pk=round_.pk).update(drained_at=timezone.now())
        assert decide("publish_results") == Phase.PROVISIONAL
        assert decide("finalize") == Phase.FINAL
        assert decide("archive") == Phase.ARCHIVED
        assert possible_decisions(round_=round_, now=timezone.now()) == []

    def test_read_the_same_on_both_sides_of_an_underscore(self, desk: Client, round_: Round):
        Round.objects.filter(pk=round_.pk).update(
            closes_at=timezone.now(), drained_at=timezone.now()
        )
        url = reverse("desk-decide", args=[round_.slug, Decision.PUBLISH_RESULTS.value])

        assert desk.get(url).status_code == 200


class TestHealth:
    """What an organizer sees of a round."""

    def test_counts_entries_pieces_jobs_and_failures(self, desk: Client, round_: Round):
        now = timezone.now()
        scored(round_, 500, 600, at=now)
        hand_in(round_, make_person(), seed=1, at=now - timedelta(minutes=5))
        hand_in(round_, make_person(), seed=2, at=now)
        Job.objects.filter(state=State.READY).update(max_attempts=1)
        failed = fail_next(error=RuntimeError("no space left"), fault=Fault.PLATFORM, at=now)

        health = round_health(round_=round_, now=now)
        page = desk.get(reverse("desk-round", args=[round_.slug])).content.decode()

        assert (health.entries, health.on_board, health.scored) == (4, 2, 2)
        assert health.jobs == {"succeeded": 2, "ready": 1, "failed": 1}
        assert [job.pk for job in health.failures] == [failed.pk]
        assert health.oldest_waiting is not None
        assert "no space left" in page
        assert reverse("desk-job", args=[failed.pk]) in page

    def test_of_another_round_is_not_mixed_in(self, round_: Round):
        now = timezone.now()
        scored(make_round(opens_at=now - DAY, closes_at=now + DAY), 500, at=now)

        health = round_health(round_=round_, now=now)

        assert (health.entries, health.jobs, health.oldest_waiting) == (0, {}, None)


class TestReviews:
    """Pieces that a person has to decide on."""

    @pytest.fixture
    def copy(self, round_: Round) -> Submission:
        now = timezone.now()
        hand_in(round_, make_person(), seed=1, title="Original", at=now)
        return hand_in(round_, make_person(), seed=1, title="Copy <b>", at=now + DAY / 24)

    def test_are_listed_and_shown_with_what_they_resemble(self, desk: Client, copy: Submission):
        listed = desk.get(reverse("desk-reviews")).content.decode()
        page = desk.get(reverse("desk-review", args=[copy.pk])).content.decode()

        assert "Copy &lt;b&gt;" in listed
        assert "Another participant handed in the same music before." in listed
        assert "Original" in page

    def test_are_decided_with_a_reason(self, desk: Client, copy: Submission):
        url = reverse("desk-review", args=[copy.pk])

        empty = desk.post(url, {"decision": "eligible", "reason": ""})
        done = desk.post(url, {"decision": "eligible", "reason": "A common tune."}, follow=True)

        copy.refresh_from_db()
        assert (empty.status_code, done.status_code) == (422, 200)
        assert (copy.eligibility, copy.eligibility_reason) == ("eligible", "A common tune.")
        assert "Nothing to decide" in desk.get(reverse("desk-reviews")).content.decode()
        assert AuditRecord.objects.about(copy.subject).get().reason == "A common tune."

    def test_offer_only_the_steps_that_follow(self, desk: Client, copy: Submission):
        page = desk.get(reverse("desk-review", args=[copy.pk])).content.decode()

        assert 'value="disqualified"' in page
        assert 'value="reinstated"' not in page
        assert 'value="appealed"' not in page
        answer = desk.post(
            reverse("desk-review", args=[copy.pk]), {"decision": "reinstated", "reason": "x"}
        )
        assert answer.status_code == 422

    def test_come_back_when_somebody_appeals(self, desk: Client, organizer: User, copy: Submission):
        now = timezone.now()
        judge_eligibility(
            submission=copy,
            decision=Eligibility.DISQUALIFIED,
            reason="A copy.",
            actor=organizer,
            now=now,
        )
        appeal(submission=Submission.objects.get(pk=copy.pk), statement="It is mine.", now=now)

        assert "It is mine." in desk.get(reverse("desk-reviews")).content.decode()

    def test_of_final_rounds_are_over(self, desk: Client, copy: Submission):
        Round.objects.update(finalized_at=timezone.now())

        listed = desk.get(reverse("desk-reviews")).content.decode()
        sent = desk.post(
            reverse("desk-review", args=[copy.pk]),
            {"decision": "eligible", "reason": "x"},
            follow=True,
        )

        assert "Nothing to decide" in listed
        assert "The results are final" in sent.content.decode()


class TestJobs:
    """All of the site's work."""

    def test_are_filtered_by_state_and_kind(self, desk: Client, round_: Round):
        hand_in(round_, make_person(), at=timezone.now())
        url = reverse("desk-jobs")
        job = Job.objects.get(kind="score")

        assert str(job.pk) in desk.get(url, {"state": "ready"}).content.decode()
        assert str(job.pk) not in desk.get(url, {"state": "failed"}).content.decode()
        assert str(job.pk) not in desk.get(url, {"kind": "mail"}).content.decode()
        assert desk.get(url, {"state": "x", "kind": "y", "page": "z"}).status_code == 200

    def test_are_tried_again_and_cancelled(self, desk: Client, organizer: User, round_: Round):
        hand_in(round_, make_person(), at=timezone.now())
        Job.objects.update(max_attempts=1)
        job = fail_next(error=RuntimeError("x"), fault=Fault.PLATFORM, at=timezone.now())
        url = reverse("desk-job", args=[job.pk])

        desk.post(url, {"action": "retry"})
        assert Job.objects.get(kind="score").state == State.READY
        desk.post(url, {"action": "cancel"})
        assert Job.objects.get(kind="score").state == State.CANCELLED
        again = desk.post(url, {"action": "cancel"}, follow=True)

        assert "already ended" in again.content.decode()
        assert desk.post(url, {"action": "explode"}).status_code == 400
        assert job.events.filter(actor=organizer).count() == 2

    def test_show_errors_as_text(self, desk: Client, round_: Round):
        hand_in(round_, make_person(), at=timezone.now())
        Job.objects.update(max_attempts=1)
        job = fail_next(error=RuntimeError("<img src=x>"), fault=Fault.PLATFORM, at=timezone.now())

        page = desk.get(reverse("desk-job", args=[job.pk])).content.decode()

        assert "&lt;img src=x&gt;" in page
        assert "<img src=x>" not in page


class TestRevisions:
    """Scoring a round anew."""

    TYPED = {
        "style": "",
        "scoring_rule": "sum",
        "weight_music": "100",
        "weight_originality": "0",
        "weight_fit": "0",
        "reason": "Music only.",
    }

    def test_are_started_previewed_and_applied(self, desk: Client, round_: Round):
        now = timezone.now()
        first, _ = scored(round_, 900, 800, at=now)

        started = desk.post(reverse("desk-revisions", args=[round_.slug]), self.TYPED)
        running = desk.get(started["Location"]).content.decode()
        work(tenths=lambda piece: 100 if piece == first else 850, at=now)
        ready = desk.get(started["Location"]).content.decode()
        desk.post(started["Location"], {"action": "apply"})

        revision = ScoringRevision.objects.get(number=2)
        assert "0 of 1 part scored." in running
        assert 'value="apply"' not in running
        assert "2 entries: 1 would rise, 1 would fall, 0 would stay." in ready
        assert revision.state == RevisionState.APPLIED
        assert revision.scoring_config == {"music": 100, "originality": 0, "fit": 0}

    def test_are_dropped(self, desk: Client, round_: Round):
        started = desk.post(reverse("desk-revisions", args=[round_.slug]), self.TYPED)

        desk.post(started["Location"], {"action": "cancel"})

        assert ScoringRevision.objects.get(number=2).state == RevisionState.CANCELLED

    def test_that_cannot_start_say_why(self, desk: Client, round_: Round):
        url = reverse("desk-revisions", args=[round_.slug])
        desk.post(url, self.TYPED)

        second = desk.post(url, self.TYPED)
        without_reason = desk.post(url, self.TYPED | {"reason": ""})

        assert second.status_code == 409
        assert "Apply or cancel the revision" in second.content.decode()
        assert without_reason.status_code == 422

    def test_too_early_are_refused_on_the_next_page(self, desk: Client, round_: Round):
        scored(round_, 900, at=timezone.now())
        started = desk.post(reverse("desk-revisions", args=[round_.slug]), self.TYPED)

        answer = desk.post(started["Location"], {"action": "apply"}, follow=True)

        assert "not ready to be applied" in answer.content.decode()
