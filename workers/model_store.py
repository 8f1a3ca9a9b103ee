"""The models of this worker process: each is loaded once, when the first job needs it.

Nothing here loads torch before a generation asks for a model, so workers that only score stay
small. A process of a worker's pool loads after it was forked, never before: torch's threads do not
survive a fork. Weights that people trained are fetched from the file store once per machine, into
a folder named by their hash; a process keeps the last few of them loaded.
"""

import json
import shutil
import tempfile
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

from ml.models import Models
from ml.techniques import SHIPPED, ModelUnavailable
from studio.errors import StorageUnavailable
from studio.files import bytes_at
from studio.models import Generation

OWN_LOADED = 2  # in memory, of one process
OWN_FETCHED = 20  # in the folder of this machine


@cache
def models() -> Models:
    """Return the shipped models of this process."""
    return Models(settings.WEIGHTS_DIR)


def models_for(generation: Generation) -> Models:
    """Return the models that a generation runs on: the shipped ones, or somebody's own.

    :raises ModelUnavailable: if somebody's own weights are gone
    """
    if not generation.model_key:
        return models()
    try:
        folder = _fetched(generation)
    except StorageUnavailable as error:
        raise ModelUnavailable(
            generation.technique,
            f"The weights of “{generation.model_title}” are not there any more.",
        ) from error
    return _own_models(folder)


@lru_cache(maxsize=OWN_LOADED)
def _own_models(folder: Path) -> Models:
    return Models(folder)


def _fetched(generation: Generation) -> Path:
    """Return the folder of somebody's own weights, fetching them if they are not here yet."""
    root = Path(settings.OWN_MODELS_DIR)
    folder = root / generation.model_sha256
    if folder.is_dir():
        folder.touch()  # the last to be removed
        return folder
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="part-", dir=root) as scratch:
        _fetch(generation, Path(scratch, "weights"))
        try:
            Path(scratch, "weights").rename(folder)
        except OSError:  # another process was faster
            if not folder.is_dir():
                raise
    _remove_oldest(root)
    return folder


def _fetch(generation: Generation, folder: Path) -> None:
    card = bytes_at(generation.model_card_key)
    name = _name_on(card)
    folder.mkdir()
    (folder / f"{name}.json").write_bytes(card)
    (folder / f"{name}.safetensors").write_bytes(bytes_at(generation.model_key))


def _name_on(card: bytes) -> str:
    """Return the name of the weights that a card is about.

    :raises StorageUnavailable: if it is no card of a model
    """
    try:
        name = str(json.loads(card)["name"])
    except (ValueError, KeyError, TypeError) as error:
        raise StorageUnavailable("The model's card cannot be read.") from error
    if name not in {known for names in SHIPPED.values() for known in names}:
        raise StorageUnavailable("The model's card names no model of this site.")
    return name


def _remove_oldest(root: Path) -> None:
    """Remove what was not used for longest; a process that has it loaded keeps its memory."""
    there = [entry for entry in root.iterdir() if not entry.name.startswith("part-")]
    for entry in sorted(there, key=lambda one: -one.stat().st_mtime)[OWN_FETCHED:]:
        shutil.rmtree(entry, ignore_errors=True)
