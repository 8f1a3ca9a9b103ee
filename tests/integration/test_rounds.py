"""Rounds: made, decided about, made again each month, drained."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditRecord, User
from challenges.errors import InvalidDates, InvalidScoringConfig, ReasonMissing, WrongPhase
from challenges.models import Challenge, Recurrence, Round
from challenges.phases import Phase
from challenges.selectors.rounds import coming_rounds, current_round, open_rounds, past_rounds
from challenges.services.decisions import MEANINGS, Decision, decide, possible_decisions
from challenges.services.draining import UPLOAD_GRACE, has_waiting_submissions, note_drained
from challenges.services.recurring import schedule_monthly_rounds
from challenges.services.rounds import (
    RULE_FIELDS,
    Dates,
    change_challenge,
    create_round,
)
from challenges.services.submitting import withdraw
from jobs.models import Job
from jobs.services import cancel
from jobs.states import Fault
from tests.factories import make_person
from tests.rounds import (
    CLOSES,
    NOW,
    OPENS,
    fail_next,
    hand_in,
    make_challenge,
    make_round,
    work,
)

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

STATES: dict[Phase, dict[str, datetime | None]] = {
    Phase.DRAFT: {"published_at": None},
    Phase.SCHEDULED: {"opens_at": NOW + DAY},
    Phase.OPEN: {},
    Phase.FROZEN: {"freeze_at": NOW - DAY},
    Phase.CLOSED: {"closes_at": NOW},
    Phase.JUDGING: {"closes_at": NOW, "drained_at": NOW},
    Phase.PROVISIONAL: {"results_at": NOW},
    Phase.FINAL: {"finalized_at": NOW},
    Phase.ARCHIVED: {"archived_at": NOW},
    Phase.CANCELLED: {"cancelled_at": NOW},
}

LEADS_TO: dict[Decision, dict[Phase, Phase]] = {
    Decision.PUBLISH: {Phase.DRAFT: Phase.OPEN},
    Decision.PAUSE: {Phase.OPEN: Phase.OPEN, Phase.FROZEN: Phase.FROZEN},
    Decision.EXTEND: {p: p for p in (Phase.SCHEDULED, Phase.OPEN, Phase.FROZEN)},
    Decision.CLOSE: {Phase.OPEN: Phase.CLOSED, Phase.FROZEN: Phase.CLOSED},
    Decision.CANCEL: {
        p: Phase.CANCELLED for p in Phase if p not in (Phase.FINAL, Phase.ARCHIVED, Phase.CANCELLED)
    },
    Decision.PUBLISH_RESULTS: {Phase.JUDGING: Phase.PROVISIONAL},
    Decision.FINALIZE: {Phase.PROVISIONAL: Phase.FINAL},
    Decision.ARCHIVE: {Phase.FINAL: Phase.ARCHIVED, Phase.CANCELLED: Phase.ARCHIVED},
}


def round_in(phase: Phase) -> Round:
    """Make a round that is in a phase at NOW."""
    round_ = make_round()
    Round.objects.filter(pk=round_.pk).update(**STATES[phase])
    round_.refresh_from_db()
    assert round_.phase(NOW) == phase
    return round_


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("decision", list(LEADS_TO))
def test_a_decision_is_taken_exactly_in_its_phases(
    organizer: User, decision: Decision, phase: Phase
):
    round_ = round_in(phase)
    lines = AuditRecord.objects.count()
    expected = LEADS_TO[decision].get(phase)
    offered = decision in possible_decisions(round_=round_, now=NOW)

    def act() -> Round:
        return decide(
            round_=round_,
            decision=decision,
            actor=organizer,
            reason="Because.",
            closes_at=round_.closes_at + DAY,
            now=NOW,
        )

    assert offered == (expected is not None)
    if expected is None:
        with pytest.raises(WrongPhase):
            act()
        assert AuditRecord.objects.count() == lines
    else:
        assert act().phase(NOW) == expected
        line = AuditRecord.objects.first()
        assert (line.actor, line.reason) == (organizer, "Because.")
        assert line.subject == f"round:{round_.slug}"


def test_every_decision_but_resuming_is_in_the_table_above():
    assert set(LEADS_TO) == set(Decision) - {Decision.RESUME} == set(MEANINGS) - {Decision.RESUME}


@pytest.mark.parametrize("decision", [d for d, meaning in MEANINGS.items() if meaning.needs_reason])
def test_what_participants_are_owed_a_reason_for_is_refused_without_one(
    organizer: User, decision: Decision
):
    with pytest.raises(ReasonMissing):
        decide(round_=make_round(), decision=decision, actor=organizer, reason="  ", now=NOW)


def test_a_pause_ends_by_resuming_once(organizer: User):
    round_ = make_round()

    def act(decision: Decision) -> Round:
        return decide(
            round_=Round.objects.get(pk=round_.pk),
            decision=decision,
            actor=organizer,
            reason="x",
            now=NOW,
        )

    assert act(Decision.PAUSE).paused_at == NOW
    with pytest.raises(WrongPhase):
        act(Decision.PAUSE)
    assert act(Decision.RESUME).paused_at is None
    with pytest.raises(WrongPhase):
        act(Decision.RESUME)


@pytest.mark.parametrize("closes_at", [CLOSES, CLOSES - SECOND, None])
def test_a_round_is_never_shortened_by_extending(organizer: User, closes_at: datetime | None):
    with pytest.raises(InvalidDates):
        decide(
            round_=make_round(),
            decision=Decision.EXTEND,
            actor=organizer,
            reason="x",
            closes_at=closes_at,
            now=NOW,
        )


def test_closing_early_keeps_a_later_freeze_within_the_round(organizer: User):
    round_ = make_round(freeze_at=CLOSES - DAY)

    round_ = decide(round_=round_, decision=Decision.CLOSE, actor=organizer, reason="x", now=NOW)

    assert (round_.closes_at, round_.freeze_at) == (NOW, NOW)


def test_closing_in_the_moment_of_opening_is_possible(organizer: User):
    round_ = decide(
        round_=make_round(), decision=Decision.CLOSE, actor=organizer, reason="x", now=OPENS
    )

    assert round_.phase(OPENS + SECOND) == Phase.CLOSED


def test_two_organizers_deciding_on_old_pages_take_one_decision(organizer: User):
    old_page = make_round(published=False)
    decide(round_=old_page, decision=Decision.PUBLISH, actor=organizer, now=NOW)

    with pytest.raises(WrongPhase):
        decide(round_=old_page, decision=Decision.PUBLISH, actor=organizer, now=NOW)


class TestMakingRounds:
    """A round takes a copy of its challenge's rules."""

    def test_copies_every_rule_and_keeps_it(self, organizer: User):
        challenge = make_challenge(min_tracks=3, quota=7, zone="Asia/Tokyo", style="dance")
        round_ = create_round(
            challenge=challenge,
            dates=Dates(opens_at=OPENS, closes_at=CLOSES),
            title="A round",
            actor=organizer,
            now=OPENS,
        )
        change_challenge(challenge=challenge, actor=organizer, now=NOW, quota=1)

        round_.refresh_from_db()
        kept = {name: getattr(round_, name) for name in RULE_FIELDS}
        assert kept == {name: getattr(challenge, name) for name in RULE_FIELDS} | {"quota": 7}
        assert (round_.zone, round_.brief) == ("Asia/Tokyo", challenge.brief)
        revision = round_.live_board.revision
        assert (revision.number, revision.style) == (1, "dance")

    @pytest.mark.parametrize(
        "dates",
        [
            Dates(opens_at=CLOSES, closes_at=OPENS),
            Dates(opens_at=OPENS, closes_at=OPENS),
            Dates(opens_at=OPENS - 9 * DAY, closes_at=OPENS - DAY),
            Dates(opens_at=OPENS, closes_at=CLOSES, freeze_at=OPENS),
            Dates(opens_at=OPENS, closes_at=CLOSES, freeze_at=CLOSES + SECOND),
        ],
    )
    def test_refuses_dates_that_contradict_each_other(self, organizer: User, dates: Dates):
        with pytest.raises(InvalidDates):
            create_round(
                challenge=make_challenge(), dates=dates, title="x", actor=organizer, now=OPENS
            )

    def test_finds_a_free_address(self, organizer: User):
        challenge = make_challenge()
        slugs = [
            create_round(
                challenge=challenge,
                dates=Dates(opens_at=OPENS, closes_at=CLOSES),
                title=title,
                actor=organizer,
                now=OPENS,
            ).slug
            for title in ("Canon", "Canon", "Canon", "音楽", "x" * 80)
        ]

        assert slugs == ["canon", "canon-2", "canon-3", "round", "x" * 50]

    def test_of_a_challenge_that_cannot_be_scored_is_impossible(self, organizer: User):
        for values in ({"scoring_rule": "unheard"}, {"scoring_config": {"music": -1}}):
            with pytest.raises(InvalidScoringConfig):
                make_challenge(**values)
        assert not Challenge.objects.exists()

    @pytest.mark.parametrize(
        "values",
        [{"closes_at": OPENS}, {"freeze_at": OPENS}, {"min_seconds": 999}, {"min_tracks": 99}],
    )
    def test_that_contradict_themselves_are_refused_by_the_database_too(
        self, values: dict[str, object]
    ):
        round_ = make_round()
        with pytest.raises(IntegrityError), transaction.atomic():
            Round.objects.filter(pk=round_.pk).update(**values)


class TestMonthlyChallenges:
    """The next round opens by itself."""

    def test_have_this_and_next_months_round_published(self):
        make_challenge(slug="canon", title="Canon", recurrence=Recurrence.MONTHLY)

        schedule_monthly_rounds(NOW)

        rounds = Round.objects.order_by("opens_at")
        assert [(r.slug, r.title, r.phase(NOW)) for r in rounds] == [
            ("canon-2026-11", "Canon, November 2026", Phase.OPEN),
            ("canon-2026-12", "Canon, December 2026", Phase.SCHEDULED),
        ]

    def test_follow_each_other_without_gap_over_a_year(self):
        make_challenge(slug="canon", recurrence=Recurrence.MONTHLY, zone="Europe/Paris")

        for day in range(0, 365, 5):
            schedule_monthly_rounds(NOW + day * DAY)

        rounds = list(Round.objects.order_by("opens_at"))
        assert len(rounds) == 14  # November 2026 to December 2027
        assert all(a.closes_at == b.opens_at for a, b in pairwise(rounds))

    def test_with_a_long_title_have_rounds_with_a_shorter_one(self):
        make_challenge(slug="c" * 50, title="x" * 80, recurrence=Recurrence.MONTHLY)

        schedule_monthly_rounds(datetime(2026, 8, 14, tzinfo=UTC))

        assert sorted(len(round_.title) for round_ in Round.objects.all()) == [77, 80]

    def test_open_at_local_midnight(self):
        make_challenge(slug="canon", recurrence=Recurrence.MONTHLY, zone="America/New_York")

        schedule_monthly_rounds(NOW)

        assert Round.objects.get(slug="canon-2026-12").opens_at == datetime(
            2026, 12, 1, 5, tzinfo=UTC
        )

    def test_are_left_alone_when_once_or_no_longer_active(self):
        make_challenge()
        make_challenge(recurrence=Recurrence.MONTHLY, is_active=False)

        schedule_monthly_rounds(NOW)

        assert not Round.objects.exists()

    def test_give_way_to_a_round_made_by_hand(self, organizer: User):
        challenge = make_challenge(slug="canon", recurrence=Recurrence.MONTHLY)
        create_round(
            challenge=challenge,
            dates=Dates(opens_at=OPENS + 3 * DAY, closes_at=OPENS + 9 * DAY),
            title="By hand",
            actor=organizer,
            now=OPENS,
        )

        schedule_monthly_rounds(NOW)

        assert set(Round.objects.values_list("slug", flat=True)) == {"by-hand", "canon-2026-12"}

    def test_do_not_replace_a_round_that_was_called_off(self, organizer: User):
        make_challenge(slug="canon", recurrence=Recurrence.MONTHLY)
        schedule_monthly_rounds(NOW)
        november = Round.objects.get(slug="canon-2026-11")
        decide(round_=november, decision=Decision.CANCEL, actor=organizer, reason="Ill.", now=NOW)

        schedule_monthly_rounds(NOW)

        assert Round.objects.count() == 2

    def test_do_not_stop_because_of_a_neighbour_that_cannot_run(self, organizer: User):
        broken = make_challenge(slug="aa", recurrence=Recurrence.MONTHLY)
        Challenge.objects.filter(pk=broken.pk).update(zone="Mars/Olympus")
        make_challenge(slug="zz", recurrence=Recurrence.MONTHLY)

        schedule_monthly_rounds(NOW)

        assert Round.objects.filter(slug="zz-2026-11").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_sweepers_at_once_make_each_round_once():
    make_challenge(slug="canon", recurrence=Recurrence.MONTHLY)
    gate = threading.Barrier(8)

    def sweep(_: int) -> None:
        gate.wait()
        try:
            schedule_monthly_rounds(NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sweep, range(8)))

    assert sorted(Round.objects.values_list("slug", flat=True)) == [
        "canon-2026-11",
        "canon-2026-12",
    ]
    assert AuditRecord.objects.filter(action="publish round").count() == 2


class TestDraining:
    """A closed round awaits its results once nothing of it waits for a score."""

    AFTER = CLOSES + UPLOAD_GRACE

    def drained(self, round_: Round, now: datetime | None = None) -> bool:
        note_drained(now or self.AFTER)
        round_.refresh_from_db()
        return round_.drained_at is not None

    def test_is_noted_once_uploads_that_began_in_time_have_arrived(self):
        round_ = make_round()

        assert not self.drained(round_, CLOSES)
        assert not self.drained(round_, self.AFTER - SECOND)
        assert self.drained(round_)
        assert round_.phase(self.AFTER) == Phase.JUDGING

    def test_waits_for_the_last_score(self, participant: User):
        round_ = make_round()
        hand_in(round_, participant, at=CLOSES - SECOND)

        assert not self.drained(round_)
        work(at=self.AFTER)
        assert self.drained(round_)

    def test_waits_for_a_job_that_rests_after_an_error(self, participant: User):
        round_ = make_round()
        hand_in(round_, participant)
        fail_next(error=RuntimeError("disk"), fault=Fault.PLATFORM)

        assert not self.drained(round_)

    @pytest.mark.parametrize("end", ["failed", "cancelled", "withdrawn"])
    def test_does_not_wait_for_what_has_ended_otherwise(
        self, participant: User, organizer: User, end: str
    ):
        round_ = make_round()
        piece = hand_in(round_, participant)
        if end == "failed":
            Job.objects.update(max_attempts=1)
            fail_next(error=RuntimeError("disk"), fault=Fault.PLATFORM)
        elif end == "cancelled":
            cancel(job=Job.objects.get(kind="score"), actor=organizer, now=NOW)
        else:
            withdraw(submission=piece, now=NOW)

        assert self.drained(round_)

    def test_looks_at_many_pieces(self):
        round_ = make_round(quota=0)
        person = make_person()
        for seed in range(6):
            hand_in(round_, person, seed=seed)

        assert has_waiting_submissions(round_)
        work()
        assert not has_waiting_submissions(round_)

    def test_leaves_drafts_and_cancelled_rounds_alone(self, organizer: User):
        draft = make_round(published=False)
        cancelled = make_round()
        decide(round_=cancelled, decision=Decision.CANCEL, actor=organizer, reason="x", now=NOW)

        assert not self.drained(draft)
        assert not self.drained(cancelled)


class TestWhichRounds:
    """Lists for the public pages."""

    def test_the_current_one_is_open_or_next_or_last(self):
        assert current_round(NOW) is None
        past = make_round(opens_at=OPENS - 60 * DAY, closes_at=OPENS - 30 * DAY)
        assert current_round(NOW) == past
        coming = make_round(opens_at=CLOSES, closes_at=CLOSES + 30 * DAY)
        assert current_round(NOW) == coming
        later = make_round(closes_at=CLOSES + 5 * DAY)
        sooner = make_round()
        assert current_round(NOW) == sooner

        assert list(open_rounds(NOW)) == [sooner, later]
        assert list(coming_rounds(NOW)) == [coming]
        assert list(past_rounds(NOW)) == [past]

    def test_drafts_archived_and_cancelled_ones_are_not_listed_as_open(self):
        for state in (Phase.DRAFT, Phase.ARCHIVED, Phase.CANCELLED):
            round_in(state)

        assert list(open_rounds(NOW)) == []
