"""The rules of the Studio that somebody can break, by name."""

from accounts.errors import RuleBroken


class IdempotencyConflict(RuleBroken):
    """The same key came with another request."""

    code = "idempotency_conflict"
    status = 422


class StorageUnavailable(RuleBroken):
    """The piece could not be stored; nothing was recorded."""

    code = "storage_unavailable"
    status = 503


class SoundLost(StorageUnavailable):
    """The file of a sound is not where it was stored; it can be made again."""


class SoundUnavailable(RuleBroken):
    """The sound of a piece could not be made."""

    code = "sound_unavailable"
    status = 503


class TooLongToRender(RuleBroken):
    """The piece is longer than what the site makes sound of."""

    code = "too_long_to_render"
    status = 422


class TechniqueUnavailable(RuleBroken):
    """The weights that a technique needs are not here, or are damaged."""

    code = "technique_unavailable"
    status = 503


class TooManyGenerations(RuleBroken):
    """A person has as many generations under way as one person may have."""

    code = "too_many_generations"


class TooManyCompositions(RuleBroken):
    """A person keeps as many compositions as one person may."""

    code = "too_many_compositions"


class TooManyFromHere(RuleBroken):
    """Guests at this address, or this guest, asked for too much in too short a time."""

    code = "throttled"
    status = 429


class VersionConflict(RuleBroken):
    """Somebody else, or another tab, stored a newer version of the music first."""

    code = "version_conflict"
    status = 412


class VersionMissing(RuleBroken):
    """A change of the music did not say which version it was made from."""

    code = "version_required"
    status = 428


class NotRestorable(RuleBroken):
    """A composition was deleted too long ago to be brought back."""

    code = "not_restorable"
