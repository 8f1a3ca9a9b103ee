from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Learning capsules: chapters with live parts, quizzes, progress and certificates."""

    name = "learning"
