"""The main job from end to end: a round opens, pieces come in, workers score them, a board."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.errors import RuleBroken
from challenges.models import Challenge, Round, Score, Submission
from challenges.models.entry import Eligibility
from challenges.selectors.boards import board_page, public_board
from challenges.services.rounds import (
    Dates,
    close,
    create_challenge,
    create_round,
    publish,
    publish_results,
)
from challenges.services.submitting import Piece, submit
from config.demo.people import organizer, participant
from config.demo.pieces import DemoPiece, all_pieces
from jobs.models import Job
from jobs.states import State
from ml.music import MidiRefused

PATIENCE = 50.0  # seconds until the demo says that the workers do not come
Report = Callable[[float, str], None]


class DemoFailed(Exception):
    """The demo could not be brought to its end; the message says where it stopped."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A piece that is not on the board, and why."""

    title: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo shows, in the shape that `--json` prints."""

    round: str
    seconds: float
    entries: list[dict[str, Any]]
    refused: list[dict[str, str]]
    jobs: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the result for JSON."""
        return asdict(self)


@dataclass(slots=True)
class _Handed:
    submissions: list[Submission] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def run_demo(*, cache: Path, report: Report) -> DemoResult:
    """Run a whole round with the workers that are running, and return its results.

    :raises DemoFailed: if the workers do not score the pieces in time
    """
    began = time.monotonic()
    report(0.02, "Reading eight chorales that the scorer has never seen")
    pieces = all_pieces(cache)
    round_ = open_round(timezone.now())
    handed = hand_in_all(round_, pieces, report)
    _await_scores(handed.submissions, report)
    report(0.9, "Closing the round and waiting for the last pieces")
    round_ = close_and_publish(round_)
    report(1.0, "Results are published")
    return DemoResult(
        round=round_.slug,
        seconds=round(time.monotonic() - began, 2),
        entries=board_of(round_),
        refused=[asdict(refusal) for refusal in (*handed.refused, *_under_review(round_))],
        jobs=_job_figures(handed.submissions),
    )


def open_round(now: datetime) -> Round:
    """Open a round of a new challenge that closes in an hour."""
    actor = organizer()
    challenge = Challenge.objects.filter(slug="demo").first() or create_challenge(
        actor=actor,
        now=now,
        slug="demo",
        title="A chorale of your own",
        brief="Four voices, a melody everybody can sing, and a cadence that means it.",
        style="chorale",
        min_seconds=8,
        max_seconds=300,
    )
    dates = Dates(opens_at=now - timedelta(minutes=1), closes_at=now + timedelta(hours=1))
    draft = create_round(challenge=challenge, dates=dates, title="Demo round", actor=actor, now=now)
    return publish(round_=draft, actor=actor, now=now)


def hand_in_all(round_: Round, pieces: list[DemoPiece], report: Report) -> _Handed:
    """Hand in every piece through the service that the site uses."""
    handed = _Handed()
    for number, piece in enumerate(pieces):
        report(0.1 + 0.3 * number / len(pieces), f"Handing in “{piece.title}”")
        try:
            handed.submissions.append(hand_in(round_, piece, timezone.now()))
        except MidiRefused as refusal:
            handed.refused.append(Refused(piece.title, refusal.code, refusal.detail))
        except RuleBroken as broken:
            handed.refused.append(Refused(piece.title, broken.code, str(broken)))
    return handed


def hand_in(round_: Round, piece: DemoPiece, received_at: datetime) -> Submission:
    """Hand in one piece for its participant."""
    return submit(
        round_=round_,
        participant=participant(piece.participant),
        piece=Piece(upload=piece.midi, title=piece.title),
        received_at=received_at,
    )


def _await_scores(submissions: list[Submission], report: Report) -> None:
    jobs = _jobs(submissions)
    _wait_until(
        lambda: not jobs.open().exists(),
        "the workers scored every piece",
        lambda: report(
            0.4 + 0.5 * (1 - jobs.open().count() / max(len(submissions), 1)),
            f"{jobs.open().count()} of {len(submissions)} pieces wait for their score",
        ),
    )


def _jobs(submissions: list[Submission]) -> Any:
    return Job.objects.filter(subject__in=[submission.subject for submission in submissions])


def _wait_until(
    is_so: Callable[[], bool], what: str, meanwhile: Callable[[], None] | None = None
) -> None:
    """Look again and again until something is so.

    :raises DemoFailed: if it is not so after `PATIENCE` seconds
    """
    until = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > until:
            raise DemoFailed(f"The demo waited {PATIENCE:.0f} s in vain until {what}.")
        if meanwhile is not None:
            meanwhile()
        time.sleep(0.1)


def close_and_publish(round_: Round) -> Round:
    """Close a round, wait until it has drained, and publish its results."""
    actor = organizer()
    close(round_=round_, actor=actor, reason="The demo is over.", now=timezone.now())
    _wait_until(
        lambda: Round.objects.filter(pk=round_.pk, drained_at__isnull=False).exists(),
        "the sweeper noticed that the round has drained",
    )
    return publish_results(round_=round_, actor=actor, now=timezone.now())


def board_of(round_: Round) -> list[dict[str, Any]]:
    """Return the rows of a round's board, best first."""
    board = public_board(round_)
    if board is None:
        return []
    return [
        {
            "rank": ranked.rank,
            "participant": ranked.row.entry.participant.username,
            "title": ranked.row.submission.title,
            "score": ranked.row.score,
            **_explanation(ranked.row.submission, board.revision_id),
        }
        for ranked in board_page(board=board, size=1000).rows
    ]


def _explanation(submission: Submission, revision_id: int) -> dict[str, Any]:
    score = Score.objects.get(submission=submission, revision_id=revision_id)
    return {"parts": score.parts, "metrics": score.metrics}


def _under_review(round_: Round) -> list[Refused]:
    held_back = round_.submissions.filter(eligibility=Eligibility.UNDER_REVIEW)
    return [
        Refused(submission.title, "under_review", submission.eligibility_reason)
        for submission in held_back.order_by("submitted_at")
    ]


def _job_figures(submissions: list[Submission]) -> dict[str, int]:
    jobs = list(_jobs(submissions))
    states = Counter(job.state for job in jobs)
    return {
        "succeeded": states[State.SUCCEEDED],
        "failed": states[State.FAILED],
        "attempts": sum(job.attempt for job in jobs),
    }
