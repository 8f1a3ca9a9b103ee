"""The tests' settings, with kinds of job that can be made to go wrong, and quick repairs."""

from datetime import timedelta

from tests.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.apps.FaultsConfig"]  # noqa: F405
CELERY_IMPORTS = [*CELERY_IMPORTS, "tests.faults.handlers"]  # noqa: F405
JOBS_RING_AGAIN_AFTER = timedelta(seconds=0.5)
CHECKPOINT_SECONDS = 0.0  # one after each iteration: there is always one to go on from
