from pathlib import Path

from django.apps import AppConfig


class FaultsConfig(AppConfig):
    name = "tests.faults"
    label = "faults"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        from tests.faults import kinds  # models cannot be imported before the apps are known

        kinds.register()
