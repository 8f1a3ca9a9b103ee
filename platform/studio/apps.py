from datetime import timedelta

from django.apps import AppConfig


class StudioConfig(AppConfig):
    """Compositions, and the generations that make new ones of them."""

    name = "studio"

    def ready(self) -> None:
        """Tell the queue what this app's jobs are."""
        from jobs import kinds
        from studio.kinds import GENERATE, RENDER

        kinds.register(
            kinds.JobKind(
                name=GENERATE,
                queue="generate",
                lease=timedelta(seconds=20),
                time_limit=timedelta(seconds=90),
                max_attempts=3,
            )
        )
        kinds.register(
            kinds.JobKind(
                name=RENDER,
                queue="render",
                lease=timedelta(seconds=20),
                time_limit=timedelta(seconds=240),
                max_attempts=3,
                backoff=timedelta(seconds=10),
            )
        )
