"""Queue sound for pieces that have none, such as those from before the site could play them."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from challenges.services.sounding import request_missing_sound


class Command(BaseCommand):
    """Queues what is missing; running it twice queues nothing twice."""

    help = "Have sound made of every accepted piece that has none from the present renderer."

    def handle(self, *args: Any, **options: Any) -> None:
        count = request_missing_sound(now=timezone.now())
        self.stdout.write(f"{count} pieces are queued to be rendered.")
