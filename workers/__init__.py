"""What Celery runs: fetch, compute, record."""

import os

# Before numpy or torch is loaded: more threads than processes only get in each other's way, and a
# process that used several must not fork.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# `manage.py check` and the web server check the site; a worker needs no pages, and starts in half
# the time without importing them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
