"""Scoring a round anew: nothing is lost, nothing shows before it is applied."""

from datetime import timedelta

import pytest

from accounts.models import AuditRecord, User
from challenges.errors import InvalidScoringConfig, RevisionNotReady, WrongPhase
from challenges.models import BoardRow, Round, Score, ScoringRevision
from challenges.models.challenge import Counting
from challenges.models.score import RevisionState
from challenges.selectors.boards import board_page, public_board
from challenges.selectors.desk import rank_moves, rescoring_progress
from challenges.services.revisions import apply_revision, cancel_revision, start_revision
from challenges.services.submitting import withdraw
from jobs.models import Job
from jobs.services import claim
from jobs.states import Fault, Priority, State
from tests.factories import make_person
from tests.integration.test_boards import assert_board_equals_recount, places
from tests.rounds import CLOSES, NOW, fail_next, hand_in, make_round, scored, work

pytestmark = pytest.mark.django_db


def start(round_: Round, actor: User, **kwargs: object) -> ScoringRevision:
    values = {"scoring_rule": "sum", "scoring_config": {"music": 1}, "style": ""}
    return start_revision(
        round_=round_, actor=actor, reason="Fairer.", now=NOW, **(values | kwargs)
    )


def test_the_board_stays_until_the_revision_is_applied(organizer: User):
    round_ = make_round()
    best, second = scored(round_, 900, 800)

    revision = start(round_, organizer)
    work(tenths=lambda piece: 100 if piece == best else 700)
    revision.refresh_from_db()

    assert revision.state == RevisionState.PREVIEW
    assert places(round_) == [(1, 90), (2, 80)]

    apply_revision(revision=revision, actor=organizer, now=NOW)

    assert places(round_) == [(1, 70), (2, 10)]
    assert Score.objects.filter(submission=best).count() == 2
    states = dict(round_.revisions.values_list("number", "state"))
    assert states == {1: RevisionState.SUPERSEDED, 2: RevisionState.APPLIED}
    assert second.scores.get(revision=revision).tenths == 700
    assert_board_equals_recount(round_)


def test_rank_moves_tell_who_climbs_and_who_falls(organizer: User):
    round_ = make_round()
    first, second, third = scored(round_, 900, 800, 700)
    totals = {first: 600, second: 800, third: 950}

    revision = start(round_, organizer)
    work(tenths=lambda piece: totals[piece])
    moves = rank_moves(revision=revision)

    assert (moves.entries, moves.up, moves.down, moves.unmoved) == (3, 1, 1, 1)
    assert {(m.entry.pk, m.rank_before, m.rank_after, m.places) for m in moves.moves} == {
        (first.entry_id, 1, 3, -2),
        (third.entry_id, 3, 1, 2),
    }
    assert [m.score_after for m in moves.moves if m.entry.pk == third.entry_id] == [95]


def test_rank_moves_name_entries_that_are_on_one_board_only(organizer: User):
    round_ = make_round()
    scored(round_, 900, 800)
    revision = start(round_, organizer)

    moves = rank_moves(revision=revision)

    assert [(m.rank_before, m.rank_after, m.places) for m in moves.moves] == [
        (1, None, None),
        (2, None, None),
    ]
    assert rescoring_progress(revision).share == 0


def test_a_withdrawn_piece_does_not_keep_a_revision_from_being_ready(organizer: User):
    round_ = make_round()
    [piece, _] = scored(round_, 900, 800)
    withdraw(submission=piece, now=NOW)

    revision = start(round_, organizer)
    work(tenths=lambda _: 500)
    revision.refresh_from_db()

    assert revision.state == RevisionState.PREVIEW
    apply_revision(revision=revision, actor=organizer, now=NOW)
    assert places(round_) == [(1, 50)]


def test_an_empty_round_can_be_rescored(organizer: User):
    revision = start(make_round(), organizer)

    work()
    revision.refresh_from_db()

    assert revision.state == RevisionState.PREVIEW


def test_a_piece_handed_in_meanwhile_gets_both_scores(organizer: User):
    round_ = make_round()
    scored(round_, 900)
    revision = start(round_, organizer)
    newcomer = hand_in(round_, make_person(), seed=3)

    work(tenths=lambda _: 600)
    revision.refresh_from_db()

    assert newcomer.scores.count() == 2
    apply_revision(revision=revision, actor=organizer, now=NOW)
    assert len(places(round_)) == 2
    assert_board_equals_recount(round_)


def test_the_best_of_old_and_new_pieces_counts_under_the_revision(
    organizer: User, participant: User
):
    # The new piece is scored first (rescoring has low priority) and puts the entry on the
    # revision's board; the old and better one must still take its place there.
    round_ = make_round(counting=Counting.BEST)
    old = hand_in(round_, participant, seed=1)
    work(tenths=lambda _: 900)
    revision = start(round_, organizer)
    hand_in(round_, participant, seed=2)

    work(tenths=lambda piece: 900 if piece == old else 200)
    revision.refresh_from_db()
    apply_revision(revision=revision, actor=organizer, now=NOW)

    assert places(round_) == [(1, 90)]
    assert_board_equals_recount(round_)


def test_applying_after_the_freeze_does_not_move_the_public_board(organizer: User):
    freeze = NOW + timedelta(hours=1)
    after = NOW + timedelta(hours=2)
    round_ = make_round(freeze_at=freeze)
    scored(round_, 900)
    revision = start_revision(
        round_=round_,
        actor=organizer,
        reason="Fairer.",
        now=after,
        scoring_rule="sum",
        scoring_config={},
        style="",
    )
    work(tenths=lambda _: 100, at=after)

    apply_revision(revision=revision, actor=organizer, now=after)

    assert places(round_) == [(1, 90)]
    assert BoardRow.objects.get(board=Round.objects.get(pk=round_.pk).live_board).tenths == 100


def test_rescoring_waits_behind_live_entries(organizer: User):
    round_ = make_round()
    scored(round_, 900)
    start(round_, organizer)
    hand_in(round_, make_person(), seed=9)

    lease = claim(queue="score", worker="test", now=NOW)

    assert lease is not None
    assert lease.job.kind == "score"
    assert Job.objects.filter(kind="rescore", priority=Priority.LOW).exists()


def test_only_one_revision_is_under_way_at_a_time(organizer: User):
    round_ = make_round()
    revision = start(round_, organizer)

    with pytest.raises(RevisionNotReady):
        start(round_, organizer)

    cancel_revision(revision=revision, actor=organizer, now=NOW)
    assert start(round_, organizer).number == 3


def test_a_cancelled_revision_leaves_the_board_and_ends_its_jobs(organizer: User):
    round_ = make_round()
    scored(round_, 900)
    revision = start(round_, organizer)

    cancel_revision(revision=revision, actor=organizer, now=NOW)

    revision.refresh_from_db()
    assert revision.state == RevisionState.CANCELLED
    assert not Job.objects.filter(kind="rescore").open().exists()
    assert places(round_) == [(1, 90)]
    with pytest.raises(RevisionNotReady):
        apply_revision(revision=revision, actor=organizer, now=NOW)
    with pytest.raises(RevisionNotReady):
        cancel_revision(revision=revision, actor=organizer, now=NOW)


def test_a_revision_that_is_still_running_cannot_be_applied(organizer: User):
    round_ = make_round()
    scored(round_, 900)
    revision = start(round_, organizer)

    with pytest.raises(RevisionNotReady):
        apply_revision(revision=revision, actor=organizer, now=NOW)


def test_a_revision_with_a_failed_part_cannot_be_applied(organizer: User):
    round_ = make_round()
    scored(round_, 900)
    revision = start(round_, organizer)
    Job.objects.filter(kind="rescore").update(max_attempts=1)
    job = fail_next(error=RuntimeError("disk"), fault=Fault.PLATFORM)
    revision.refresh_from_db()

    assert job.state == State.FAILED
    with pytest.raises(RevisionNotReady):
        apply_revision(revision=revision, actor=organizer, now=NOW)


def test_retrying_the_failed_part_makes_the_revision_ready(organizer: User):
    from jobs.services import retry

    round_ = make_round()
    scored(round_, 900)
    revision = start(round_, organizer)
    Job.objects.filter(kind="rescore").update(max_attempts=1)
    job = fail_next(error=RuntimeError("disk"), fault=Fault.PLATFORM)

    retry(job=job, actor=organizer, now=NOW)
    work(tenths=lambda _: 400)
    revision.refresh_from_db()
    apply_revision(revision=revision, actor=organizer, now=NOW)

    assert places(round_) == [(1, 40)]


@pytest.mark.parametrize(
    "change",
    [
        {"published_at": None},
        {"cancelled_at": NOW},
        {"finalized_at": NOW},
        {"opens_at": NOW + timedelta(days=1)},
    ],
)
def test_a_round_without_entries_or_with_final_results_is_not_rescored(
    organizer: User, change: dict[str, object]
):
    round_ = make_round()
    Round.objects.filter(pk=round_.pk).update(**change)

    with pytest.raises(WrongPhase):
        start(round_, organizer)


def test_nothing_is_applied_once_results_are_final(organizer: User):
    round_ = make_round()
    scored(round_, 900)
    revision = start(round_, organizer)
    work()
    revision.refresh_from_db()
    Round.objects.filter(pk=round_.pk).update(finalized_at=CLOSES)

    with pytest.raises(WrongPhase):
        apply_revision(revision=revision, actor=organizer, now=CLOSES)


@pytest.mark.parametrize(
    ("rule", "config"),
    [("unheard", {}), ("sum", {"luck": 1}), ("sum", {"music": -1}), ("sum", {"music": "x"})],
)
def test_a_configuration_that_the_rule_does_not_take_starts_nothing(
    organizer: User, rule: str, config: dict[str, object]
):
    round_ = make_round()

    with pytest.raises(InvalidScoringConfig):
        start(round_, organizer, scoring_rule=rule, scoring_config=config)

    assert round_.revisions.count() == 1


def test_an_unknown_style_starts_nothing(organizer: User):
    round_ = make_round()

    with pytest.raises(InvalidScoringConfig):
        start(round_, organizer, style="polka-metal")


def test_every_step_is_audited_with_its_reason(organizer: User):
    round_ = make_round()
    revision = start(round_, organizer)
    work()
    revision.refresh_from_db()
    apply_revision(revision=revision, actor=organizer, now=NOW)

    lines = AuditRecord.objects.about(f"round:{round_.slug}").filter(actor=organizer)

    assert [(line.action, line.reason) for line in lines] == [
        ("apply revision", "Fairer."),
        ("start revision", "Fairer."),
    ]


def test_ranks_of_the_applied_board_are_read_from_its_own_histogram(organizer: User):
    round_ = make_round()
    scored(round_, 900, 800, 700)
    revision = start(round_, organizer)
    work(tenths=lambda _: 300)
    revision.refresh_from_db()

    round_ = apply_revision(revision=revision, actor=organizer, now=NOW)

    assert [r.rank for r in board_page(board=public_board(round_)).rows] == [1, 1, 1]
