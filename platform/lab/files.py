"""The music of a data set as files, the same for workers and for the command line."""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from django.utils.text import slugify

from lab.models import DataFile, DataSet
from ml.data.own import PARTS_FILE
from studio.files import bytes_at


def folder_name(data_set: DataSet) -> str:
    """Return what the folder of a data set is called.

    >>> folder_name(DataSet(name="Lieder, 1st try"))
    'lieder-1st-try'
    """
    return slugify(data_set.name)[:40] or "data"


def training_files(data_set: DataSet) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every file that is trained on, then the chosen parts, if any.

    Names are plain and in order, since training goes through the files by name.

    :raises StorageUnavailable: if a file cannot be read
    """
    parts: dict[str, list[int | None]] = {}
    # By Python's order of letters, which is the survey's: a database may have another.
    rows = sorted((row for row in data_set.files.all() if row.is_taken), key=lambda row: row.name)
    for number, row in enumerate(rows, start=1):
        name = _plain(number, row)
        if row.parts is not None:
            parts[name] = row.parts
        yield name, bytes_at(row.midi_key)
    if parts:
        yield PARTS_FILE, json.dumps(parts, indent=1).encode()


def _plain(number: int, row: DataFile) -> str:
    stem = row.name.rpartition(".")[0] or row.name
    return f"{number:03d}-{slugify(stem)[:60] or 'piece'}.mid"


def write_training_files(data_set: DataSet, folder: Path) -> None:
    """Write the files that are trained on into a folder.

    :raises StorageUnavailable: if one of them cannot be read
    """
    for name, content in training_files(data_set):
        (folder / name).write_bytes(content)


def archive_of(data_set: DataSet) -> bytes:
    """Return a ZIP file of what is trained on: a folder for `python -m ml train --data`.

    :raises StorageUnavailable: if a file cannot be read
    """
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in training_files(data_set):
            # The same time for all: the same music gives the same archive.
            archive.writestr(zipfile.ZipInfo(f"{folder_name(data_set)}/{name}"), content)
    return packed.getvalue()
