import json
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lab.models.data import PARTS
from lab.styles import FILE
from lab.surveys import PHRASE_STEPS
from ml.data.grids import FOLDER, GRID_STYLES, GridPiece, NotPrepared, pieces


class Command(BaseCommand):
    """Counts what the shipped styles hold, for people who choose one to train on."""

    help = "Write platform/lab/styles.json from the prepared grids (python -m ml data)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            found = {style: _counted(style, folder) for style in GRID_STYLES}
        except NotPrepared as error:
            raise CommandError(str(error)) from None
        FILE.write_text(json.dumps(found, indent=1) + "\n")
        self.stdout.write(f"{FILE}: {len(found)} styles")


def _counted(style: str, folder: Path) -> dict[str, Any]:
    train, valid = pieces(style, "train", folder=folder), pieces(style, "valid", folder=folder)
    both = [*train, *valid]
    return {
        "files": _files(both),
        "taken": _files(both),
        "refused": 0,
        "duplicates": 0,
        "ranges": _ranges(both),
        "phrases": _phrases(both),
        "bars": sum(int((piece.position == 0).sum()) for piece in both),
        "seconds": round(sum(15 * len(piece) / piece.qpm for piece in both)),
        "notes": sum(int(piece.strike.sum()) for piece in both),
        "train": _files(train),
        "valid": _files(valid),
        "train_phrases": _phrases(train),
        "valid_phrases": _phrases(valid),
    }


def _files(found: list[GridPiece]) -> int:
    return len({re.split("[@~]", piece.name)[0] for piece in found})


def _phrases(found: list[GridPiece]) -> int:
    return sum(len(piece) // PHRASE_STEPS for piece in found)


def _ranges(found: list[GridPiece]) -> dict[str, list[int]]:
    ranges: dict[str, list[int]] = {}
    for voice, part in enumerate(PARTS):
        pitches = [p for piece in found for p in piece.pitch[:, voice].tolist() if p >= 0]
        if pitches:
            ranges[part] = [min(pitches), max(pitches)]
    return ranges
