"""Grids of the shipped styles, prepared on this machine when somebody first trains on one."""

from collections.abc import Iterable
from pathlib import Path

from ml.data.prepare import read_sided, without_shared
from ml.data.grids import store
from jobs.errors import BadInput
from workers.context import Context
