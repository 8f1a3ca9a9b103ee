from django.db import models

from challenges.models.entry import Entry, Submission
from challenges.models.round import Round
from challenges.models.score import ScoringRevision


class Board(models.Model):
    """A round's standings under one revision: the live ones, or a copy that stands still."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="boards")
    revision = models.ForeignKey(ScoringRevision, on_delete=models.PROTECT, related_name="boards")
    pinned_at = models.DateTimeField(null=True, help_text="When this copy was taken.")

    def __str__(self) -> str:
        return f"Board {self.pk} of {self.round}"


class BoardRow(models.Model):
    """An entry's place-giving facts on a board."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="rows")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+")
    tenths = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "entry"], name="one_row_per_entry_and_board")
        ]
        indexes = [
            models.Index(
                "board", models.F("tenths").desc(), "submitted_at", "entry", name="board_in_order"
            )
        ]

    @property
    def score(self) -> float:
        """The score from 0.0 to 100.0."""
        return self.tenths / 10


class ScoreTally(models.Model):
    """How many rows of a board have a score: the histogram that exact ranks are read from."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="tallies")
    tenths = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "tenths"], name="one_tally_per_score")
        ]
