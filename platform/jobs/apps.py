from django.apps import AppConfig


class JobsConfig(AppConfig):
    """One durable table of jobs and its state machine; the broker is only its doorbell."""

    name = "jobs"
