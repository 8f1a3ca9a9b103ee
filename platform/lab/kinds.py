"""The kinds of job that the Lab asks for, and how long one of them may keep a worker."""

from datetime import timedelta

TRAIN = "train"
MEASURE = "measure"

SITTING = timedelta(minutes=10)
"""How long one job trains before the next one in the queue has its turn."""
