from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Learning capsules: chapters with live parts, quizzes, progress and certificates."""

    name = "learning"

    def ready(self) -> None:
        """Have a guest's progress adopted when they sign in."""
        from accounts import arrivals
        from learning.services import adopt_progress

        arrivals.register(adopt_progress)
