from pathlib import Path

import pytest

from ml.data.held_out import held_out_pieces
from ml.music import Song, read_canonical


@pytest.fixture(scope="session")
def corpus_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpus")


@pytest.fixture(scope="session")
def chorales(corpus_cache: Path) -> list[Song]:
    """Eight held-out chorales of ordinary length."""
    pieces = held_out_pieces("chorale", 24, cache=corpus_cache)[16:]
    return [read_canonical(midi) for _, midi in pieces]


@pytest.fixture(scope="session")
def dances(corpus_cache: Path) -> list[Song]:
    pieces = held_out_pieces("dance", 12, cache=corpus_cache)
    return [read_canonical(midi) for _, midi in pieces]
