from datetime import timedelta

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Learning capsules: chapters with live parts, quizzes, progress and certificates."""

    name = "learning"

    def ready(self) -> None:
        """Have a guest's progress adopted when they sign in, and say what work lessons ask for."""
        from accounts import arrivals
        from jobs import kinds, periodic
        from learning.attending import forget_old_attention
        from learning.kinds import ATTENTION
        from learning.services import adopt_progress

        arrivals.register(adopt_progress)
        kinds.register(
            kinds.JobKind(
                name=ATTENTION,
                queue="generate",
                lease=timedelta(seconds=20),
                time_limit=timedelta(seconds=60),
                max_attempts=3,
            )
        )
        periodic.register("forget old attention", timedelta(hours=1), forget_old_attention)
