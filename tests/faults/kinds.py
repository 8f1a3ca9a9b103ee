"""Kinds of job for tests, with leases short enough to wait for."""

from datetime import timedelta

from jobs.kinds import JobKind
from jobs.kinds import register as register_kind
from jobs.models import Job, JobLog

LEASE = timedelta(seconds=1.2)
NAMES = ("quick", "slow", "deaf", "deadly", "failing", "endless")


def register() -> None:
    for name in NAMES:
        limit = timedelta(seconds=2 if name == "endless" else 30)
        register_kind(
            JobKind(
                name=f"fault-{name}",
                queue="score",
                lease=LEASE,
                time_limit=limit,
                on_end=write_down_the_end,
                backoff=timedelta(seconds=0.2),
            )
        )


def write_down_the_end(job: Job) -> None:
    JobLog.objects.create(job=job, attempt=job.attempt, at=job.finished_at, line="ended")
