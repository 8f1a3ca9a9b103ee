"""Whoever watches a training run, and may pause it or end it early."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

Wish = Literal["go", "pause", "finish"]


class Watch:
    """Is told how a run goes and asked whether it shall go on; this one does nothing.

    Subclasses override what they want to know.

    What a method raises passes through the training loop and ends it at once, without another
    checkpoint. A run that was killed and resumed tells again what lies between its last checkpoint
    and its end: the same points and samples, but for `seconds`.
    """

    def on_progress(
        self, iteration: int, share: float, seconds: float, values: Mapping[str, float]
    ) -> None:
        """Hear of an iteration: `share` of the budget is used, `values` are its losses.

        Called after every iteration: it must be cheap.
        """

    def on_reference(self, reference: Mapping[str, Mapping[str, float]]) -> None:
        """Hear what the measures in the points read of held-out music, when a GAN run begins.

        By measure: its `value`, and the band from `low` to `high`. Heard again after a resume.
        """

    def on_point(self, point: Mapping[str, float]) -> None:
        """Hear of a point of the curves: `iteration`, `seconds`, losses and measures."""

    def on_sample(self, sample: Mapping[str, Any]) -> None:
        """Hear of a sample, JSON values: `iteration` and `windows`.

        Each window is a list of notes `[voice, first step, steps, pitch]` that were added to a
        melody (the extender's: to two bars of four voices); the sample before the first iteration
        has what was given as `melodies` (the same kind of lists) and `steps_per_beat` too.
        """

    def on_checkpoint(self, folder: Path) -> None:
        """Hear that `checkpoint.safetensors` and `checkpoint.json` in a folder are complete."""

    def wanted(self) -> Wish:
        """Return what shall happen: asked before each iteration.

        `pause` writes a checkpoint and returns without finishing, `finish` stops here and finishes
        with what is learned.
        """
        return "go"
