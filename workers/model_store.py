"""The models of this worker process: each is loaded once, when the first job needs it.

Nothing here loads torch before a generation asks for a model, so workers that only score stay
small. A process of a worker's pool loads after it was forked, never before: torch's threads do not
survive a fork.
"""

from functools import cache

from django.conf import settings

from ml.models import Models


@cache
def models() -> Models:
    """Return the models of this process."""
    return Models(settings.WEIGHTS_DIR)
