"""The Celery app; `celery -A workers worker` starts a worker."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("counterpoint")
app.config_from_object("django.conf:settings", namespace="CELERY")

# A line for each ring heard says nothing: the jobs have their own.
CHATTY = ("celery.app.trace", "celery.worker.strategy", "celery.worker.consumer.connection")


@setup_logging.connect
def keep_the_site_s_logging(**_: Any) -> None:
    """Leave logging as the settings made it: Celery changes nothing once this is connected."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
