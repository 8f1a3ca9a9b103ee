import json
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lab.styles import FILE
from lab.surveys import ranges_of
from ml.data.grids import FOLDER, GRID_STYLES, REST, GridPiece, NotPrepared, pieces
from ml.data.phrases import phrases_of
from ml.data.survey import Span


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
    train, valid = (pieces(style, side, folder=folder) for side in ("train", "valid"))
    both = [*train, *valid]
    return {
        "files": _files(both),
        "taken": _files(both),
        "refused": 0,
        "duplicates": 0,
        "ranges": ranges_of([_range(both, part) for part in range(4)]),
        **_phrases(both, ""),
        "bars": sum(int((piece.position == 0).sum()) for piece in both),
        "seconds": round(sum(15 * len(piece) / piece.qpm for piece in both)),
        "notes": sum(int(piece.strike.sum()) for piece in both),
        "train": _files(train),
        **_phrases(train, "train_"),
        "valid": _files(valid),
        **_phrases(valid, "valid_"),
    }


def _files(found: list[GridPiece]) -> int:
    return len({re.split("[@~]", piece.name)[0] for piece in found})


def _phrases(found: list[GridPiece], start: str) -> dict[str, int]:
    counts = [phrases_of(piece) for piece in found]
    return {
        f"{start}phrases": sum(n for n, _ in counts),
        f"{start}accompanied": sum(n for _, n in counts),
    }


def _range(found: list[GridPiece], part: int) -> Span:
    pitches = [p for piece in found for p in piece.pitch[:, part].tolist() if p != REST]
    return (min(pitches), max(pitches)) if pitches else None
