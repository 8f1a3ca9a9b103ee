"""Curves of a training run: an SVG, what to see in it, and the same as a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lab.measures import LOSSES, MUSICAL, VARIETY, WARM_UP, Measure, Points, column, held_out_name
from learning.drawing import Chart, Pen

SIZE = (420.0, 236.0)
MAX_DRAWN = 240  # points of one curve; more lie too close to be told apart
MAX_ROWS = 12  # of the table beside it
OUTLIERS = 0.02  # the share of values at either end that may lie outside of the picture
MANY = 30  # points from which single values may lie outside

Series = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: its name and (iteration, value) in order."""

    name: str
    points: Series


@dataclass(frozen=True, slots=True)
class Band:
    """Where real music lies: from `low` to `high`, which may be the same."""

    name: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened at an iteration."""

    name: str
    iteration: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, the sentence beneath it, and its numbers."""

    name: str
    title: str
    says: str
    svg: SafeString
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    last: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn on one pair of axes."""

    measure: Measure
    lines: Sequence[Line]
    band: Band | None = None
    moment: Moment | None = None
    start: float = 0.0


def losses(points: Points, kind: str) -> list[Figure]:
    """Return the curves of both networks, or of training beside held-out music."""
    if kind == "gan":
        since = joined_at(points)
        moment = Moment(_("the critic joins in"), since) if since else None
        shown = [WARM_UP, *LOSSES["gan"]]
        plots = [Plot(m, [Line(str(m.title), column(points, m.name))], None, moment) for m in shown]
        return [figure(plot) for plot in plots if plot.lines[0].points]
    train, held_out = LOSSES[kind]
    lines = [
        Line(str(train.title), column(points, train.name)),
        Line(str(held_out.title), column(points, held_out_name(points))),
    ]
    lines = [line for line in lines if line.points]
    return [figure(Plot(_training_of(kind), lines))] if lines else []


def joined_at(points: Points) -> float | None:
    """Return when the critic began to steer: from there on the generator has a loss by it."""
    return next((x for x, _loss in column(points, "generator_loss")), None)


def _training_of(kind: str) -> Measure:
    train = LOSSES[kind][0]
    return Measure(
        "loss",
        _("Loss on training and on held-out music"),
        train.unit,
        _(
            "How much the next note surprises the network. Watch the held-out curve: when it turns "
            "upwards while training still falls, the network has begun to learn your files by "
            "heart."
        ),
        train.digits,
    )


def musical(points: Points, held_out: Mapping[str, Sequence[float]]) -> list[Figure]:
    """Return a curve for each musical measure, with the band of held-out music where it is known.

    `held_out` has for a measure the lowest and the highest value that count as real music.
    """
    found = []
    for measure in (*MUSICAL.values(), VARIETY):
        series = column(points, measure.name)
        if series:
            band = _band(held_out.get(measure.name))
            found.append(figure(Plot(measure, [Line(_("generated"), series)], band)))
    return found


def _band(limits: Sequence[float] | None) -> Band | None:
    return Band(_("held-out music"), min(limits), max(limits)) if limits else None


def figure(plot: Plot) -> Figure:
    """Return a plot as a drawing with its words and numbers."""
    measure, digits = plot.measure, plot.measure.digits
    head = (_("Iteration"), *(line.name for line in plot.lines))
    return Figure(
        measure.name,
        str(measure.title),
        str(measure.says),
        _draw(plot),
        head,
        tuple(_rows(plot.lines, digits)),
        f"{plot.lines[0].points[-1][1]:.{digits}f}",
    )


def _draw(plot: Plot) -> SafeString:
    lines = [Line(line.name, thinned(line.points)) for line in plot.lines]
    every = [point for line in lines for point in line.points]
    xs = [x for x, _y in every]
    pen = Pen(*SIZE, words_of(plot))
    end = max(max(xs), min(xs) + 1)
    chart = Chart(pen, SIZE, (min(min(xs), plot.start), end), _span(every, plot.band))
    if plot.band:
        _draw_band(pen, chart, plot.band)
    chart.axes(_("iteration"), str(plot.measure.unit))
    if plot.moment and plot.moment.iteration < end:
        _draw_moment(pen, chart, plot.moment)
    for line, style in zip(lines, ("fig__curve", "fig__curve-2"), strict=False):
        _draw_line(pen, chart, line, style, named=len(lines) > 1)
    return pen.svg()


def _draw_line(pen: Pen, chart: Chart, line: Line, style: str, *, named: bool) -> None:
    chart.curve(line.points, style)
    x, y = line.points[-1]
    pen.circle(chart.x(x), chart.y(y), 3.5, f"{style}-end")
    if named:
        above = -12.0 if style == "fig__curve" else 14.0
        middle = line.points[len(line.points) // 2]
        pen.text(chart.x(middle[0]), chart.y(middle[1]) + above, line.name, f"{style}-name")


def _draw_band(pen: Pen, chart: Chart, band: Band) -> None:
    left, right = Chart.LEFT, SIZE[0] - Chart.RIGHT
    top, bottom = chart.y(band.high), chart.y(band.low)
    pen.rect(left, top, right - left, bottom - top, "band__zone")
    for at in {top, bottom}:
        pen.line((left, at), (right, at), "band__limit")
    room_above = top - Chart.TOP > 18
    at = top - 9 if room_above else bottom + 11
    pen.text(left + 6, at, band.name, "fig__real", "start")


def _draw_moment(pen: Pen, chart: Chart, moment: Moment) -> None:
    x = chart.x(moment.iteration)
    pen.line((x, Chart.TOP), (x, SIZE[1] - Chart.BOTTOM), "fig__mark")
    side = "start" if x < SIZE[0] / 2 else "end"
    pen.text(x + (5 if side == "start" else -5), Chart.TOP + 8, moment.name, "fig__tick", side)


def _span(points: Iterable[tuple[float, float]], band: Band | None) -> tuple[float, float]:
    """Return the values between which to draw: all of them, but for a few that lie far out."""
    values = sorted(value for _x, value in points)
    cut = int(len(values) * OUTLIERS) if len(values) >= MANY else 0
    low, high = values[cut], values[-1 - cut]
    if band:
        low, high = min(low, band.low), max(high, band.high)
    room = 0.08 * ((high - low) or abs(high) or 1.0)
    return low - room, high + room


def words_of(plot: Plot) -> str:
    """Return what a plot shows, for those who do not see it."""
    digits = plot.measure.digits
    parts = [
        _("{name} from {first} to {last}").format(
            name=line.name,
            first=f"{line.points[0][1]:.{digits}f}",
            last=f"{line.points[-1][1]:.{digits}f}",
        )
        for line in plot.lines
    ]
    last = plot.lines[0].points[-1][0]
    words = _("{title}, up to iteration {last}: {parts}.").format(
        title=plot.measure.title, last=f"{last:,.0f}", parts="; ".join(parts)
    )
    if plot.band:
        low, high = f"{plot.band.low:.{digits}f}", f"{plot.band.high:.{digits}f}"
        span = low if low == high else _("{low} to {high}").format(low=low, high=high)
        words += " " + _("Held-out music: {span}.").format(span=span)
    return words


def thinned(points: Series, most: int = MAX_DRAWN) -> Series:
    """Return at most about `most` points: means of neighbors, with the first and last kept.

    >>> thinned([(0, 0), (1, 2), (2, 4), (3, 6), (4, 8)], 4)
    [(0, 0), (1.5, 3.0), (3.0, 6.0), (4, 8)]
    """
    if len(points) <= most:
        return points
    inner, size = points[1:-1], -(-(len(points) - 2) // (most - 2))
    groups = [inner[i : i + size] for i in range(0, len(inner), size)]
    means = [
        (sum(x for x, _ in group) / len(group), sum(y for _, y in group) / len(group))
        for group in groups
    ]
    return [points[0], *means, points[-1]]


def _rows(lines: Sequence[Line], digits: int) -> Iterable[tuple[str, ...]]:
    by_line = [dict(line.points) for line in lines]
    there = sorted(set().union(*by_line))
    step = max(1, -(-len(there) // MAX_ROWS))
    picked = sorted({*there[::step], there[-1]})
    for x in picked:
        values = (found.get(x) for found in by_line)
        yield (f"{x:,.0f}", *("" if v is None else f"{v:.{digits}f}" for v in values))
