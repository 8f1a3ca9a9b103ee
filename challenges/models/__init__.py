"""The tables of challenges: what is stored, and what the database itself guarantees."""

from challenges.models.board import Board, BoardRow, ScoreTally
from challenges.models.challenge import Challenge, Recurrence, RuleSet
from challenges.models.entry import Entry, Fingerprint, Passage, QuotaUse, Submission
from challenges.models.estimate import Estimate
from challenges.models.listen import Listen
from challenges.models.round import Round
from challenges.models.score import Score, ScoringRevision

__all__ = [
    "Board",
    "BoardRow",
    "Challenge",
    "Entry",
    "Estimate",
    "Fingerprint",
    "Listen",
    "Passage",
    "QuotaUse",
    "Recurrence",
    "Round",
    "RuleSet",
    "Score",
    "ScoreTally",
    "ScoringRevision",
    "Submission",
]
