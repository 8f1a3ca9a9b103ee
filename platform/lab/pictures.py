"""A training run as its pages show it: curves, advice, and what it played on the way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lab.advice import Advice, advise, progress_of
from lab.charts import Figure, Line, Plot, figure, losses, musical
from lab.evolution import NARROW, WIDE, Evolution, Frame, three_of
from lab.measures import Measure, Points


@dataclass(frozen=True, slots=True)
class Said:
    """Advice in words: the kind of notice that it is, its title and its text."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Curves:
    """Everything that is drawn from a run's points."""

    losses: Sequence[Figure]
    nearness: Figure | None
    musical: Sequence[Figure]
    said: Said

    @property
    def is_empty(self) -> bool:
        """Whether there is no point yet."""
        return not (self.losses or self.musical)


@dataclass(frozen=True, slots=True)
class Shown:
    """One sample ready for a page: its roll, where its file is, and what it is in words."""

    frame: Frame
    midi_url: str
    words: str
    added: str = ""


@dataclass(frozen=True, slots=True)
class Playing:
    """The samples of one melody: three to compare, and all of them to scrub through."""

    kind: str
    melody: int
    n_melodies: int
    at: int
    sides: Sequence[Shown]
    frames: Sequence[Shown]

    @property
    def index(self) -> int:
        """Which of the samples is shown first."""
        return next(i for i, s in enumerate(self.frames) if s.frame.iteration == self.at)

    @property
    def last_index(self) -> int:
        """The number of the last sample, from 0."""
        return len(self.frames) - 1

    @property
    def current(self) -> Shown:
        """The sample that is shown first."""
        return self.frames[self.index]

    @property
    def melodies(self) -> range:
        """The melodies' numbers."""
        return range(self.n_melodies)


def curves_of(points: Points, kind: str, held_out: Mapping[str, Sequence[float]]) -> Curves:
    """Return what a run's points show."""
    progress = progress_of(points, kind, held_out)
    return Curves(
        losses(points, kind),
        _nearness(progress) if kind == "gan" and progress else None,
        musical(points, held_out),
        said_of(advise(progress), kind),
    )


def _nearness(progress: list[tuple[float, float]]) -> Figure:
    measure = Measure(
        "nearness",
        _("Distance from real music"),
        _("0 is alike, 1 as far as this run ever was"),
        _(
            "All musical measures below in one number: how far generated music still lies outside "
            "of held-out music that the network never saw. When this stays level, stop."
        ),
    )
    return figure(Plot(measure, [Line(_("distance"), progress)]))


def said_of(advice: Advice, kind: str) -> Said:
    """Return advice in words."""
    at = {"best": f"{advice.best or 0:,}", "last": f"{advice.last or 0:,}"}
    watched = _("the distance from real music") if kind == "gan" else _("the held-out loss")
    match advice.verdict:
        case "early":
            return Said(
                "info",
                _("Too early to say"),
                _(
                    "A few more points of the curve, and this line tells whether more training "
                    "is worth its time."
                ),
            )
        case "better":
            return Said(
                "info",
                _("It is still getting better"),
                _("Lately {what} has been falling. Let it train on.").format(what=watched),
            )
        case "level":
            return Said(
                "success",
                _("It has levelled off"),
                _(
                    "Since about iteration {best}, {what} has hardly changed. Stopping now costs "
                    "you little; more data or another setting would help more than more time."
                ).format(what=watched, **at),
            )
    return Said(
        "warning",
        _("It was nearer before"),
        _(
            "At iteration {best}, {what} was lower than it is now. Listen to both samples: if you "
            "agree, a run of that length is the better model."
        ).format(what=watched, **at),
    )


def playing_of(
    evolution: Evolution,
    url_of: Callable[[int, int], str],
    *,
    kind: str = "gan",
    at: int | None,
    melody: int,
) -> Playing | None:
    """Return the samples for a page, or None while there are none.

    `url_of` gives the address of a sample's MIDI file by iteration and melody; `at` and `melody`
    are what the visitor asked for, and become what there is.
    """
    n_melodies = min((len(s.windows) for s in evolution.samples), default=0)
    melody = melody if 0 <= melody < n_melodies else 0
    wide = evolution.frames(melody, room=WIDE)
    if not wide:
        return None
    there = [frame.iteration for frame in wide]
    narrow = evolution.frames(melody, room=NARROW, only=three_of(there))
    frames, sides = (
        [_shown(frame, url_of(frame.iteration, melody), kind) for frame in rolls]
        for rolls in (wide, narrow)
    )
    return Playing(kind, melody, n_melodies, at if at in there else there[-1], sides, frames)


def _shown(frame: Frame, url: str, kind: str) -> Shown:
    added = _added(frame.n_added, kind)
    words = _("Iteration {iteration}: {added}").format(
        iteration=f"{frame.iteration:,}", added=added
    )
    return Shown(frame, url, words, added)


def _added(n: int, kind: str) -> str:
    """Return how much a model added: under a melody, or after the bars that it was given."""
    if kind == "transformer":
        return ngettext(
            "{n} note after the two bars that are given",
            "{n} notes after the two bars that are given",
            n,
        ).format(n=n)
    return ngettext("{n} note under the melody", "{n} notes under the melody", n).format(n=n)
