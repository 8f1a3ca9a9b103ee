"""What can go wrong with a job, by name."""

from accounts.errors import RuleBroken


class JobOver(RuleBroken):
    """The job has already ended, so it cannot be cancelled."""

    code = "job_over"


class JobNotOver(RuleBroken):
    """The job has not failed and was not cancelled, so there is nothing to retry."""

    code = "job_not_over"


class UnknownKind(LookupError):
    """No app registered this kind of job."""


class IllegalStep(ValueError):
    """The transition table has no such edge: a fault in the caller."""


class BadInput(Exception):
    """The job can never succeed because of what it was given; a handler raises it.

    `code` names the cause for programs, `detail` is the sentence a person reads.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class LeaseLost(Exception):
    """The lease ran out and the job belongs to somebody else: stop, and record nothing."""


class CancelRequested(Exception):
    """Somebody cancelled the job while it was being worked on."""
