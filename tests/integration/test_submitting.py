"""Handing in: what is taken, what is refused and why, and what it costs."""

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from accounts.models import User
from challenges.errors import (
    DuplicateSubmission,
    NotPickable,
    NotWithdrawable,
    OutsideRules,
    QuotaExhausted,
    RoundClosed,
    RoundNotOpen,
    RoundPaused,
)
from challenges.models import Entry, QuotaUse, Round, Submission
from challenges.models.challenge import Counting, QuotaPeriod
from challenges.models.entry import Content, Eligibility, QuotaState
from challenges.selectors.submissions import ScoringState, quota_of, standing_of
from challenges.services.rounds import pause, resume
from challenges.services.scoring import AlreadyScored, score_again
from challenges.services.submitting import pick, withdraw
from jobs.errors import BadInput
from jobs.models import Job
from jobs.services import cancel, retry
from jobs.states import Fault, State
from ml.music import MidiRefused, read_midi
from studio.errors import IdempotencyConflict, StorageUnavailable
from tests.factories import make_person
from tests.rounds import CLOSES, NOW, OPENS, fail_next, hand_in, make_round, midi, work

pytestmark = pytest.mark.django_db

MILLISECOND = timedelta(milliseconds=1)


def test_a_piece_is_kept_in_canonical_form_and_waits_for_its_score(participant: User):
    round_ = make_round()

    piece = hand_in(round_, participant, title="Waltz", statement="For two hands.")

    with default_storage.open(piece.midi_key) as file:
        stored = file.read()
    assert hashlib.sha256(stored).hexdigest() == piece.midi_sha256
    assert read_midi(stored).n_notes == piece.n_notes == 60
    assert (piece.number, piece.title, piece.content) == (1, "Waltz", Content.ACCEPTED)
    assert piece.seconds == pytest.approx(30)
    assert standing_of(submission=piece, now=NOW).state == ScoringState.WAITING
    assert Job.objects.get(kind="score").subject == f"submission:{piece.pk}"
    assert QuotaUse.objects.get().state == QuotaState.RESERVED


@pytest.mark.parametrize("moment", [OPENS, CLOSES - MILLISECOND])
def test_a_piece_is_in_time_from_the_opening_until_just_before_the_close(
    participant: User, moment: datetime
):
    assert hand_in(make_round(), participant, at=moment).submitted_at == moment


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        (OPENS - MILLISECOND, RoundNotOpen),
        (CLOSES, RoundClosed),
        (CLOSES + MILLISECOND, RoundClosed),
    ],
)
def test_a_piece_is_refused_before_the_opening_and_from_the_close_on(
    participant: User, moment: datetime, refusal: type[Exception]
):
    with pytest.raises(refusal):
        hand_in(make_round(), participant, at=moment)

    assert not Submission.objects.exists()
    assert not Job.objects.exists()
    assert not Entry.objects.exists()


def test_a_late_upload_is_refused_by_the_dates_of_the_moment_it_is_stored(participant: User):
    # The organizers close the round while the file is being read.
    round_ = make_round()
    real = read_midi

    def closing(data: bytes) -> object:
        Round.objects.filter(pk=round_.pk).update(closes_at=NOW)
        return real(data)

    with (
        mock.patch("challenges.services.submitting.read_midi", closing),
        pytest.raises(RoundClosed),
    ):
        hand_in(round_, participant)

    assert not Submission.objects.exists()


def test_a_draft_takes_nothing(participant: User):
    with pytest.raises(RoundNotOpen):
        hand_in(make_round(published=False), participant)


def test_a_paused_round_takes_nothing_until_it_is_resumed(participant: User, organizer: User):
    round_ = pause(round_=make_round(), actor=organizer, reason="A fault.", now=NOW)

    with pytest.raises(RoundPaused):
        hand_in(round_, participant)

    assert hand_in(resume(round_=round_, actor=organizer, now=NOW), participant)


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (b"", "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "not_midi"),
        (midi()[: len(midi()) // 2], "truncated"),
        (midi(seconds=0), "no_notes"),
        (bytes(2 << 20), "too_large"),
    ],
)
def test_bytes_that_are_no_piece_are_refused_by_name(participant: User, upload: bytes, code: str):
    with pytest.raises(MidiRefused) as refusal:
        hand_in(make_round(), participant, upload=upload)

    assert refusal.value.code == code
    assert not QuotaUse.objects.exists()


def test_a_piece_outside_the_rules_is_refused_where_the_round_says_so(participant: User):
    strict = make_round(min_seconds=60, refuse_outside_rules=True)

    with pytest.raises(OutsideRules, match="1:00"):
        hand_in(strict, participant)

    assert hand_in(make_round(min_seconds=60), participant)


class TestTheQuota:
    """A ledger: reserved on handing in, spent when scored, given back when the site failed."""

    def test_refuses_one_more_than_the_limit(self, participant: User):
        round_ = make_round(quota=2)
        for seed in (1, 2):
            hand_in(round_, participant, seed=seed)

        with pytest.raises(QuotaExhausted) as refusal:
            hand_in(round_, participant, seed=3)

        assert refusal.value.extra["resets_at"] == "2026-11-15T00:00:00+00:00"
        assert quota_of(round_=round_, participant=participant, now=NOW).left == 0

    def test_is_each_participants_own(self, participant: User):
        round_ = make_round(quota=1)
        hand_in(round_, participant, seed=1)

        assert hand_in(round_, make_person(), seed=2)

    def test_is_given_back_at_midnight_in_the_rounds_zone(self, participant: User):
        round_ = make_round(quota=1, zone="Asia/Tokyo")  # midnight there is 15:00 UTC
        hand_in(round_, participant, seed=1, at=NOW)
        midnight = datetime(2026, 11, 14, 15, tzinfo=UTC)

        with pytest.raises(QuotaExhausted):
            hand_in(round_, participant, seed=2, at=midnight - MILLISECOND)

        assert hand_in(round_, participant, seed=2, at=midnight)

    def test_lasts_the_whole_round_where_the_challenge_says_so(self, participant: User):
        round_ = make_round(quota=1, quota_period=QuotaPeriod.ROUND)
        hand_in(round_, participant, seed=1, at=OPENS)

        with pytest.raises(QuotaExhausted) as refusal:
            hand_in(round_, participant, seed=2, at=CLOSES - MILLISECOND)

        assert refusal.value.extra["resets_at"] is None

    def test_of_zero_is_no_limit(self, participant: User):
        round_ = make_round(quota=0)

        for seed in range(8):
            hand_in(round_, participant, seed=seed)

        assert quota_of(round_=round_, participant=participant, now=NOW).left is None

    def test_is_spent_when_the_piece_is_scored(self, participant: User):
        hand_in(make_round(), participant)

        work()

        assert QuotaUse.objects.get().state == QuotaState.SPENT

    def test_is_not_used_up_by_refused_files(self, participant: User):
        round_ = make_round(quota=1)
        with pytest.raises(MidiRefused):
            hand_in(round_, participant, upload=b"MThd")

        assert hand_in(round_, participant)

    def test_is_given_back_when_the_platform_fails(self, participant: User):
        round_ = make_round(quota=1)
        piece = hand_in(round_, participant, seed=1)
        Job.objects.update(max_attempts=1)

        fail_next(error=RuntimeError("disk"), fault=Fault.PLATFORM)

        assert QuotaUse.objects.get().state == QuotaState.REFUNDED
        assert standing_of(submission=piece, now=NOW).state == ScoringState.FAILED
        assert hand_in(round_, participant, seed=2)

    def test_is_given_back_when_the_scoring_is_cancelled(self, participant: User):
        piece = hand_in(make_round(quota=1), participant)

        cancel(job=Job.objects.get(kind="score"), actor=participant, now=NOW)

        assert QuotaUse.objects.get().state == QuotaState.REFUNDED
        assert standing_of(submission=piece, now=NOW).state == ScoringState.FAILED

    def test_is_not_given_back_by_withdrawing(self, participant: User):
        round_ = make_round(quota=1)
        withdraw(submission=hand_in(round_, participant, seed=1), now=NOW)

        with pytest.raises(QuotaExhausted):
            hand_in(round_, participant, seed=2)


def test_a_piece_whose_music_cannot_be_scored_is_rejected_with_its_reason(participant: User):
    piece = hand_in(make_round(), participant)

    fail_next(error=BadInput("no_harmony", "There is nothing to measure."), fault=Fault.INPUT)

    piece.refresh_from_db()
    standing = standing_of(submission=piece, now=NOW)
    assert standing.state == ScoringState.REJECTED
    assert standing.job is not None
    assert (standing.job.error_code, standing.is_final) == ("no_harmony", True)


def test_a_failed_scoring_can_be_retried_and_counts(participant: User, organizer: User):
    round_ = make_round()
    piece = hand_in(round_, participant)
    Job.objects.update(max_attempts=1)
    job = fail_next(error=RuntimeError("disk"), fault=Fault.PLATFORM)

    retry(job=job, actor=organizer, now=NOW)
    work(tenths=lambda _: 700)

    assert standing_of(submission=piece, now=NOW).score.total == 70
    assert Job.objects.get(kind="score").state == State.SUCCEEDED


def test_a_rejected_piece_that_is_scored_after_all_counts(participant: User, organizer: User):
    piece = hand_in(make_round(), participant)
    job = fail_next(error=BadInput("fault", "A fault of ours."), fault=Fault.INPUT)

    retry(job=job, actor=organizer, now=NOW)
    work(tenths=lambda _: 700)

    piece.refresh_from_db()
    assert standing_of(submission=piece, now=NOW).state == ScoringState.SCORED


def test_only_a_failed_scoring_is_done_again(participant: User):
    piece = hand_in(make_round(), participant)
    with pytest.raises(AlreadyScored):
        score_again(submission=piece, now=NOW)

    work()
    with pytest.raises(AlreadyScored):
        score_again(submission=piece, now=NOW)


class TestTheSameMusic:
    """By the same participant it is refused; by another one it goes to review."""

    def test_is_refused_with_the_earlier_submission(self, participant: User):
        round_ = make_round()
        first = hand_in(round_, participant, title="First")

        with pytest.raises(DuplicateSubmission) as refusal:
            hand_in(round_, participant, title="Again")

        assert refusal.value.extra["submission"] == str(first.pk)
        assert QuotaUse.objects.count() == 1

    def test_is_taken_again_after_a_withdrawal(self, participant: User):
        round_ = make_round()
        withdraw(submission=hand_in(round_, participant), now=NOW)

        assert hand_in(round_, participant).number == 2

    def test_is_taken_in_another_round(self, participant: User):
        hand_in(make_round(), participant)

        assert hand_in(make_round(), participant)

    def test_by_another_participant_goes_to_review(self, participant: User):
        round_ = make_round()
        hand_in(round_, participant)

        copy = hand_in(round_, make_person())

        assert copy.eligibility == Eligibility.UNDER_REVIEW
        assert not copy.counts


class TestAnIdempotencyKey:
    """The same key with the same request gives the submission of the first one."""

    def test_gives_the_first_submission_again(self, participant: User):
        round_ = make_round(quota=1)

        first = hand_in(round_, participant, idempotency_key="k")
        again = hand_in(round_, participant, idempotency_key="k")

        assert first == again
        assert (Submission.objects.count(), Job.objects.filter(kind="score").count()) == (1, 1)

    def test_still_answers_after_the_close(self, participant: User):
        round_ = make_round()
        first = hand_in(round_, participant, idempotency_key="k")

        assert hand_in(round_, participant, idempotency_key="k", at=CLOSES) == first

    def test_with_another_request_is_a_conflict(self, participant: User):
        round_ = make_round()
        hand_in(round_, participant, idempotency_key="k")

        with pytest.raises(IdempotencyConflict):
            hand_in(round_, participant, seed=5, idempotency_key="k")
        with pytest.raises(IdempotencyConflict):
            hand_in(round_, participant, title="Other", idempotency_key="k")

    def test_is_each_participants_and_rounds_own(self, participant: User):
        round_ = make_round()
        hand_in(round_, participant, idempotency_key="k")

        assert hand_in(round_, make_person(), seed=1, idempotency_key="k")
        assert hand_in(make_round(), participant, idempotency_key="k")


def test_nothing_is_recorded_when_the_file_cannot_be_stored(participant: User):
    with (
        mock.patch.object(type(default_storage._wrapped), "_save", side_effect=OSError(28, "full")),
        pytest.raises(StorageUnavailable),
    ):
        hand_in(make_round(), participant, seed=4242)

    assert not Submission.objects.exists()
    assert not Job.objects.exists()


class TestWithdrawing:
    """Taking a piece back is possible until the close."""

    def test_keeps_the_row_and_its_state(self, participant: User):
        piece = withdraw(submission=hand_in(make_round(), participant), now=NOW)

        standing = standing_of(submission=piece, now=NOW)
        assert (standing.state, standing.is_final) == (ScoringState.WITHDRAWN, True)

    def test_before_the_scoring_lets_no_score_onto_the_board(self, participant: User):
        round_ = make_round()
        piece = withdraw(submission=hand_in(round_, participant), now=NOW)

        work()

        piece.refresh_from_db()
        assert piece.content == Content.WITHDRAWN
        assert not round_.live_board.rows.exists()

    @pytest.mark.parametrize("moment", [CLOSES, CLOSES + MILLISECOND])
    def test_is_refused_from_the_close_on(self, participant: User, moment: datetime):
        piece = hand_in(make_round(), participant)

        with pytest.raises(NotWithdrawable):
            withdraw(submission=piece, now=moment)

    def test_is_refused_the_second_time(self, participant: User):
        piece = withdraw(submission=hand_in(make_round(), participant), now=NOW)

        with pytest.raises(NotWithdrawable):
            withdraw(submission=piece, now=NOW)


class TestPicking:
    """Choosing what counts is possible where the challenge leaves it to the participant."""

    def test_is_refused_where_the_round_counts_otherwise(self, participant: User):
        piece = hand_in(make_round(counting=Counting.BEST), participant)

        with pytest.raises(NotPickable):
            pick(submission=piece, now=NOW)

    def test_is_refused_from_the_close_on(self, participant: User):
        piece = hand_in(make_round(counting=Counting.PICKED), participant)

        with pytest.raises(NotPickable):
            pick(submission=piece, now=CLOSES)

    def test_is_refused_for_a_withdrawn_piece(self, participant: User):
        piece = hand_in(make_round(counting=Counting.PICKED), participant)
        withdraw(submission=piece, now=NOW)

        with pytest.raises(NotPickable):
            pick(submission=piece, now=NOW)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """What only a database with row locks can show."""

    def test_fifty_uploads_use_a_quota_of_five_exactly(self, participant: User):
        round_ = make_round(quota=5)
        outcomes = at_once(50, lambda n: hand_in(round_, participant, seed=n))

        assert sum(isinstance(o, Submission) for o in outcomes) == 5
        assert sum(isinstance(o, QuotaExhausted) for o in outcomes) == 45
        assert sorted(Submission.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]

    def test_a_double_click_gives_one_submission(self, participant: User):
        round_ = make_round()
        outcomes = at_once(20, lambda _: hand_in(round_, participant, idempotency_key="k"))

        assert len({o.pk for o in outcomes}) == 1
        assert Submission.objects.count() == 1


def at_once(count: int, act: Callable[[int], Submission]) -> list[Submission | BaseException]:
    """Do something `count` times at the same moment and return results and errors."""
    gate = threading.Barrier(count)

    def run(number: int) -> Submission:
        gate.wait()
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(run, number) for number in range(count)]
    return [future.exception() or future.result() for future in futures]
