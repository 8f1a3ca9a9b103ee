from collections.abc import Collection
from datetime import timedelta

from django.apps import AppConfig


class LabConfig(AppConfig):
    """Training models of one's own: data sets, runs, models."""

    name = "lab"

    def ready(self) -> None:
        """Tell the layers below what this app's jobs are, and which files it needs."""
        from jobs import kinds, periodic
        from lab.kinds import MEASURE, SITTING, TRAIN
        from lab.own_models import LabModels
        from lab.services.measuring import measure_stale_speeds
        from lab.services.runs import forget_resting_runs
        from studio import own_models
        from studio.services import discarding

        kinds.register(
            kinds.JobKind(
                name=TRAIN,
                queue="train",
                lease=timedelta(seconds=30),
                time_limit=3 * SITTING,  # a style is prepared before its first iteration
                max_attempts=6,
                backoff=timedelta(seconds=10),
            )
        )
        kinds.register(kinds.JobKind(name=MEASURE, queue="train", time_limit=SITTING))
        periodic.register("measure training speeds", timedelta(hours=1), measure_stale_speeds)
        periodic.register("forget resting runs", timedelta(hours=1), forget_resting_runs)
        discarding.register_use(_used_in_the_lab)
        own_models.register(LabModels())


def _used_in_the_lab(keys: Collection[str]) -> set[str]:
    from lab.selectors import data_sets, models

    return data_sets.keys_in_use(keys) | models.keys_in_use(keys)
