"""Noticing that everything handed in on time has been dealt with."""

from datetime import datetime, timedelta

from challenges.kinds import SCORE
from challenges.models import Round, Submission
from challenges.models.entry import Content
from jobs.models import Job

UPLOAD_GRACE = timedelta(seconds=10)  # an upload that began in time may still be arriving
SUBJECTS_PER_QUERY = 500


def note_drained(now: datetime) -> None:
    """Note for every closed round that no submission of it waits for its score any more."""
    for round_ in Round.objects.closed(now - UPLOAD_GRACE).filter(drained_at__isnull=True):
        if not has_waiting_submissions(round_):
            Round.objects.filter(pk=round_.pk, drained_at__isnull=True).update(drained_at=now)


def has_waiting_submissions(round_: Round) -> bool:
    """Tell whether a submission of the round still waits for its score."""
    unscored = (
        Submission.objects.filter(round=round_, content=Content.ACCEPTED)
        .exclude(scores__revision__boards=round_.live_board_id)
        .only("pk")
    )
    subjects = [submission.subject for submission in unscored]
    return any(
        Job.objects.filter(kind=SCORE, subject__in=subjects[start : start + SUBJECTS_PER_QUERY])
        .open()
        .exists()
        for start in range(0, len(subjects), SUBJECTS_PER_QUERY)
    )
