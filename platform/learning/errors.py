from accounts.errors import RuleBroken


class CapsuleNotFinished(RuleBroken):
    """Somebody asked for the certificate of a capsule that they have not done."""

    code = "capsule_not_finished"


class AnswerIncomplete(RuleBroken):
    """An answer lacks a part, or is none."""

    code = "answer_incomplete"
    status = 422
