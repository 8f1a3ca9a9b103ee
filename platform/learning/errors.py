from accounts.errors import RuleBroken


class CapsuleNotFinished(RuleBroken):
    """Somebody asked for the certificate of a capsule that they have not done."""

    code = "capsule_not_finished"


class NoMelody(RuleBroken):
    """What was brought holds no melody that the model could read."""

    code = "no_melody"
    status = 422


class TooManyAtOnce(RuleBroken):
    """Somebody has as many melodies under way as one visitor may."""

    code = "too_many_at_once"
    status = 429


class ModelMissing(RuleBroken):
    """The weights that a live part needs are not here, or are damaged."""

    code = "technique_unavailable"
    status = 503


class AnswerIncomplete(RuleBroken):
    """An answer lacks a part, or is none."""

    code = "answer_incomplete"
    status = 422
