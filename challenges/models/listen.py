from django.conf import settings
from django.db import models
from django.db.models import Q

from challenges.models.entry import Entry


class Listen(models.Model):
    """Somebody heard enough of an entry to have an opinion, counted once a day.

    `visitor` tells people without an account apart for that day, and nothing more: it is a keyed
    hash that changes every day.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="listens")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="listens"
    )
    visitor = models.CharField(max_length=64, blank=True)
    day = models.DateField(help_text="In UTC.")
    at = models.DateTimeField()
    seconds = models.FloatField(help_text="Heard until it counted.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, visitor="") | (Q(person=None) & ~Q(visitor="")),
                name="listen_is_a_person_s_or_a_visitor_s",
            ),
            models.UniqueConstraint(
                fields=["entry", "person", "day"],
                condition=Q(person__isnull=False),
                name="person_listens_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["entry", "visitor", "day"],
                condition=Q(person=None),
                name="visitor_listens_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} on {self.day}"
