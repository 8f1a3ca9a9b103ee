"""Rounds, pieces and scores for tests, made through the services that the site uses."""

import itertools
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import User
from challenges.evaluation import Evaluation
from challenges.kinds import RESCORE, SCORE
from challenges.models import Challenge, Entry, Round, ScoringRevision, Submission
from challenges.models.entry import Content
from challenges.services import rounds
from challenges.services.revisions import record_chunk
from challenges.services.scoring import Findings, record_findings, revisions_to_score
from challenges.services.submitting import Piece, submit
from jobs.models import Job
from jobs.services import claim, fail, finish
from jobs.states import Fault
from ml.music import Notes, Song, Track
from tests.factories import make_person

NOW = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
OPENS = datetime(2026, 11, 1, tzinfo=UTC)
CLOSES = datetime(2026, 12, 1, tzinfo=UTC)
PARTS = {"music": {"value": 50.0, "weight": 1.0, "reasons": []}}

_numbers = itertools.count(1)


def midi(seed: int = 0, *, seconds: int = 30) -> bytes:
    """Return a melody of half-second notes; the same seed gives the same bytes."""
    dice = random.Random(seed)
    count = seconds * 2
    notes = Notes.tidy(
        pitch=[dice.randint(55, 80) for _ in range(count)],
        start=[480 * step for step in range(count)],
        duration=[480] * count,
        velocity=[80] * count,
    )
    return Song((Track("Melody", 0, False, notes),)).to_midi()


def make_challenge(**values: Any) -> Challenge:
    """Make a challenge; every field of its model may be given."""
    number = next(_numbers)
    actor = values.pop("created_by", None) or make_person(is_organizer=True)
    defaults = {"slug": f"theme-{number}", "title": f"Theme {number}", "brief": "Make a canon."}
    return rounds.create_challenge(actor=actor, now=OPENS, **(defaults | values))


def make_round(
    *,
    opens_at: datetime = OPENS,
    closes_at: datetime = CLOSES,
    freeze_at: datetime | None = None,
    published: bool = True,
    **values: Any,
) -> Round:
    """Make a round, published unless told otherwise; `values` are its challenge's fields."""
    challenge = make_challenge(**values)
    round_ = rounds.create_round(
        challenge=challenge,
        dates=rounds.Dates(opens_at=opens_at, closes_at=closes_at, freeze_at=freeze_at),
        title=f"{challenge.title}, November",
        actor=challenge.created_by,
        now=opens_at - timedelta(days=1),
    )
    if published:
        early = opens_at - timedelta(days=1)
        round_ = rounds.publish(round_=round_, actor=challenge.created_by, now=early)
    return round_


def hand_in(
    round_: Round, participant: User, *, seed: int = 0, at: datetime = NOW, **kwargs: Any
) -> Submission:
    """Hand in a piece through the service; the same seed is the same music."""
    key = kwargs.pop("idempotency_key", None)
    kwargs.setdefault("title", f"Piece {seed}")
    upload = kwargs.pop("upload", None)
    return submit(
        round_=round_,
        participant=participant,
        piece=Piece(upload=midi(seed) if upload is None else upload, **kwargs),
        received_at=at,
        idempotency_key=key,
    )


def findings(submission: Submission, tenths: int, *, share: float = 0.0) -> Findings:
    """Return what scoring would have found, with one total under all current revisions."""
    return Findings(
        features={"notes": 1.0},
        features_version="test",
        passages=[1, 2, 3],
        originality={"share": share, "line_share": share, "suspected": share > 0.2},
        evaluations={
            revision.pk: Evaluation(tenths=tenths, parts=PARTS, metrics={})
            for revision in revisions_to_score(submission.round_id)
        },
    )


def work(
    *, tenths: Callable[[Submission], int] = lambda _: 500, share: float = 0.0, at: datetime = NOW
) -> int:
    """Do all waiting scoring jobs as a worker would; return how many there were."""
    done = 0
    while lease := claim(queue="score", worker="test", now=at):
        assert done < 500, "the jobs make ever more jobs"
        finish(lease=lease, record=lambda: _record(lease.job, tenths, share, at), now=at)
        done += 1
    return done


def _record(
    job: Job, tenths: Callable[[Submission], int], share: float, at: datetime
) -> dict[str, Any] | None:
    if job.kind == SCORE:
        submission = Submission.objects.get(pk=job.payload["submission"])
        found = findings(submission, tenths(submission), share=share)
        record_findings(submission_id=submission.pk, findings=found, now=at)
        return None
    assert job.kind == RESCORE
    entries = Entry.objects.filter(pk__in=job.payload["entries"])
    pieces = Submission.objects.filter(
        entry__in=entries, content=Content.ACCEPTED, features__isnull=False
    )
    record_chunk(
        revision=ScoringRevision.objects.get(pk=job.payload["revision"]),
        entry_ids=[entry.pk for entry in entries],
        evaluations={
            piece.pk: Evaluation(tenths=tenths(piece), parts=PARTS, metrics={}) for piece in pieces
        },
        now=at,
    )
    return None


def fail_next(*, error: Exception, fault: Fault, at: datetime = NOW) -> Job:
    """Let the next scoring job's attempt fail."""
    lease = claim(queue="score", worker="test", now=at)
    assert lease is not None
    fail(lease=lease, error=error, kind=fault, now=at)
    return Job.objects.get(pk=lease.job.pk)


def scored(round_: Round, *tenths: int, at: datetime = NOW) -> list[Submission]:
    """Hand in and score one piece each of as many people as there are totals."""
    pieces = [hand_in(round_, make_person(), seed=1000 + next(_numbers), at=at) for _ in tenths]
    totals = {piece.pk: total for piece, total in zip(pieces, tenths, strict=True)}
    work(tenths=lambda piece: totals[piece.pk], at=at)
    return pieces
