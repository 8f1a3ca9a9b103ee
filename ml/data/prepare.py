"""Prepares the grids: reads the corpora, splits them by piece, drops what is on two sides."""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ml.data.arcade import arcade_files
from ml.data.corpus import corpus_files, read_files
from ml.data.grids import COURSE_SHAPE, FOLDER, GRID_STYLES, SIDES, GridPiece, Side, store
from ml.data.parts import grids_of
from ml.data.split import part_of
from ml.data.windows import known_windows, shared_part
from ml.music import MidiRefused, music_hash, read_canonical, read_midi

Bar = Callable[[Iterable[str], str], Iterable[str]]

WINDOW_STEPS = {"dance": 64}  # a single line shares more by chance than four voices do
DEFAULT_WINDOW_STEPS = 32
MAX_SHARED = 0.05
SUMMARY = "summary.json"


def prepare(
    *, cache: Path, folder: Path = FOLDER, bar: Bar = lambda names, _: names
) -> dict[str, Any]:
    """Prepare every style that is available here; return what was found, as JSON values.

    `bar` wraps the names of the files that are read, to show progress.
    """
    summary: dict[str, Any] = {"folder": str(folder), "styles": {}}
    for style in GRID_STYLES:
        summary["styles"][style] = _prepared(style, cache, folder, bar)
    summary["course_view"] = list(COURSE_SHAPE)
    (folder / SUMMARY).write_text(json.dumps(summary, indent=1) + "\n")
    return summary


def prepare_style(
    style: str, *, cache: Path, folder: Path = FOLDER,
    progress: Callable[[float], None] = lambda _share: None,
) -> dict[str, Any]:  # fmt: skip
    """Prepare one style unless it is there already; return what was found, as JSON values.

    `available` is false for a style whose music is not installed here. Reads one file after the
    other and tells `progress` the share that is read; what it raises ends the work, and the next
    call goes on from the files that are in `cache`. Of several processes that call it at once, one
    works and the others wait.

    :raises KeyError: if there is no such style
    """
    if style not in GRID_STYLES:
        raise KeyError(style)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / f".{style}.lock"):
        known: dict[str, Any] | None = _summary(folder)["styles"].get(style)
        if known and known["available"] and (folder / f"{style}.npz").exists():
            progress(1.0)
            return known
        found = _prepared(style, cache, folder, _bar_of(progress), in_parallel=False)
        with _alone(folder / ".summary.lock"):
            summary = _summary(folder)
            summary["styles"][style] = found
            part = folder / f"{SUMMARY}.part"
            part.write_text(json.dumps(summary, indent=1) + "\n")
            part.replace(folder / SUMMARY)
    return found


def _prepared(
    style: str, cache: Path, folder: Path, bar: Bar, *, in_parallel: bool = True
) -> dict[str, Any]:
    sided = list(read_sided(style, cache, bar, in_parallel=in_parallel))
    if not sided:
        return {"available": False}
    kept, dropped = without_shared(style, sided)
    store(style, kept, folder=folder)
    return _described(kept, dropped)


def _summary(folder: Path) -> dict[str, Any]:
    file = folder / SUMMARY
    empty: dict[str, Any] = {"folder": str(folder), "styles": {}}
    return json.loads(file.read_text()) if file.exists() else empty


def _bar_of(progress: Callable[[float], None]) -> Bar:
    def bar(names: Iterable[str], _label: str) -> Iterator[str]:
        listed = list(names)
        for number, name in enumerate(listed, start=1):
            yield name
            progress(number / len(listed))

    return bar


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock that goes away with the process, however it ends."""
    with lock.open("w") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield


def read_sided(
    style: str, cache: Path, bar: Bar = lambda names, _: names, *, in_parallel: bool = True
) -> Iterator[tuple[Side, GridPiece]]:
    """Yield the grids of a style with their sides, before any is dropped."""
    if style == "arcade":
        yield from _read_arcade(bar)
        return
    names = corpus_files(style)
    read = read_files(names, cache=cache, in_parallel=in_parallel)
    for _, pieces in zip(bar(names, style), read, strict=True):
        for piece in pieces:
            side = part_of(style, piece.name, piece.title)
            if side is not None:
                song = read_canonical(piece.printed)
                yield from ((side, g) for g in grids_of(song, name=piece.name, style=style))


def _read_arcade(bar: Bar) -> Iterator[tuple[Side, GridPiece]]:
    files = dict(arcade_files())
    seen: set[str] = set()
    for name in bar(list(files), "arcade"):
        try:
            song = read_midi(files[name])
        except MidiRefused:
            continue  # a piece without notes
        content = music_hash(song)
        side = part_of("arcade", content, name)
        if content not in seen and side is not None:
            seen.add(content)
            yield from ((side, g) for g in grids_of(song, name=name, style="arcade"))


def without_shared(
    style: str, sided: list[tuple[Side, GridPiece]]
) -> tuple[list[tuple[Side, GridPiece]], list[str]]:
    """Return the pieces without training pieces that share music with held-out ones, and those.

    A piece shares music if more than 5 % of its windows of two bars (single lines: four) occur,
    in any key, in the held-out pieces.
    """
    steps = WINDOW_STEPS.get(style, DEFAULT_WINDOW_STEPS)
    known = known_windows((p for side, p in sided if side != "train"), steps=steps)
    shared = {
        p.name
        for side, p in sided
        if side == "train" and shared_part(p.pitch, known, steps=steps) > MAX_SHARED
    }
    return [item for item in sided if item[1].name not in shared], sorted(shared)


def split_sha256(sided: Iterable[tuple[str, GridPiece]]) -> str:
    """Return a hash over which piece is on which side."""
    lines = sorted(f"{side} {piece.style} {piece.name}" for side, piece in sided)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _described(kept: list[tuple[Side, GridPiece]], dropped: list[str]) -> dict[str, Any]:
    about: dict[str, Any] = {"available": True}
    for side in SIDES:
        found = [p for s, p in kept if s == side]
        about[side] = {
            "grids": len(found),
            "files": len({re.split("[@~]", p.name)[0] for p in found}),
            "steps": sum(len(p) for p in found),
            "cells": sum(int((p.pitch >= 0).sum()) for p in found),
            "onsets": sum(int(p.strike.sum()) for p in found),
        }  # fmt: skip
    about["dropped_as_shared"] = len(dropped)
    about["split_sha256"] = split_sha256(kept)
    return about
