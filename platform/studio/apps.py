from datetime import timedelta

from django.apps import AppConfig


class StudioConfig(AppConfig):
    """Compositions, and the generations that make new ones of them."""

    name = "studio"

    def ready(self) -> None:
        """Tell the layers below what this app's jobs are, and what it does regularly."""
        from accounts import arrivals
        from jobs import kinds, periodic
        from studio.kinds import GENERATE, RENDER
        from studio.services import discarding
        from studio.services.compositions import purge_deleted_compositions
        from studio.services.guests import forget_stale_guests
        from studio.sessions import adopt_from_session

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
        arrivals.register(adopt_from_session)
        discarding.register_use(discarding.used_in_the_studio)
        periodic.register("forget stale guests", timedelta(minutes=10), forget_stale_guests)
        periodic.register(
            "purge deleted compositions", timedelta(minutes=10), purge_deleted_compositions
        )
        periodic.register(
            "remove discarded files", timedelta(minutes=5), discarding.remove_discarded_files
        )
