"""The rules of challenges that somebody can break, by name."""

from accounts.errors import RuleBroken


class RoundNotOpen(RuleBroken):
    """The round does not take submissions at this moment."""

    code = "round_not_open"


class RoundClosed(RoundNotOpen):
    """The upload began after the closing moment."""

    code = "round_closed"


class RoundPaused(RoundNotOpen):
    """An organizer stopped the clock."""

    code = "round_paused"


class QuotaExhausted(RuleBroken):
    """The participant has no submission left in this period."""

    code = "quota_exhausted"


class DuplicateSubmission(RuleBroken):
    """The participant handed in the same music before."""

    code = "duplicate"


class OutsideRules(RuleBroken):
    """The piece is longer, shorter or has other tracks than the round takes."""

    code = "outside_rules"
    status = 422


class CustomModelsNotAllowed(RuleBroken):
    """The piece was made with somebody's own model, and the round takes none of these."""

    code = "custom_models_not_allowed"
    status = 422


class WrongPhase(RuleBroken):
    """The round is not in a phase in which this can be done."""

    code = "wrong_phase"


class NotWithdrawable(RuleBroken):
    """The submission cannot be taken back any more."""

    code = "not_withdrawable"


class NotPickable(RuleBroken):
    """The submission cannot be chosen to count."""

    code = "not_pickable"


class ReasonMissing(RuleBroken):
    """An action that participants are owed a reason for came without one."""

    code = "reason_missing"
    status = 422


class InvalidDates(RuleBroken):
    """The dates contradict each other or lie in the past."""

    code = "invalid_dates"
    status = 422


class UnclearLocalTime(InvalidDates):
    """A clock in the zone shows this time twice or never."""

    code = "unclear_local_time"


class InvalidScoringConfig(RuleBroken):
    """The scoring rule does not take this configuration."""

    code = "invalid_scoring_config"
    status = 422


class RevisionNotReady(RuleBroken):
    """The scoring revision is not in a state in which this can be done."""

    code = "revision_not_ready"


class HeardTooLittle(RuleBroken):
    """Somebody heard too little of an entry for it to count."""

    code = "heard_too_little"


class LicenceNotAllowed(RuleBroken):
    """What the piece was made from does not allow this licence."""

    code = "licence_not_allowed"
    status = 422


class RemixNotAllowed(RuleBroken):
    """The piece's author reserves all rights."""

    code = "remix_not_allowed"
    status = 403


class TooManyEstimates(RuleBroken):
    """As many estimates are under way as one person may have."""

    code = "too_many_estimates"
