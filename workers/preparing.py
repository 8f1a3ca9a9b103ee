"""Grids of the shipped styles, prepared on this machine when somebody first trains on one."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from jobs.errors import BadInput
from ml.data.grids import store
from ml.data.prepare import read_sided, without_shared

Tell = Callable[[float, str], None]


def prepare_style(style: str, *, folder: Path, tell: Tell) -> None:
    """Put the grids of a style into a folder, unless they are there; several may do so at once.

    `tell` hears how far it is, and may end it by an exception.

    :raises BadInput: if the corpora of this machine hold nothing of the style
    """
    if (folder / f"{style}.npz").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)

    def bar(names: Iterable[str], label: str) -> Iterator[str]:
        every = list(names)
        for number, name in enumerate(every):
            tell(number / len(every), f"Reading the style {label}: {number} of {len(every)} files")
            yield name

    sided = list(read_sided(style, folder / "corpus", bar))
    if not sided:
        raise BadInput("style_not_here", f"This site has no music of the style {style}.")
    with tempfile.TemporaryDirectory(prefix="part-", dir=folder) as scratch:
        store(style, without_shared(style, sided)[0], folder=Path(scratch))
        Path(scratch, f"{style}.npz").replace(folder / f"{style}.npz")
