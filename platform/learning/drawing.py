"""A small pen for SVG: every picture of the lessons is drawn with it.

Colors come from classes of the style sheet (`learn.css`), so pictures follow the page's theme.
Every drawing has words for those who do not see it.
"""

import math
from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Point = tuple[float, float]


def number(value: float) -> str:
    """Return a length without needless digits.

    >>> number(3.0), number(2.125)
    ('3', '2.13')
    """
    return f"{round(value + 1e-9, 2):g}"


class Pen:
    """Collects shapes; `svg` gives the drawing. Lengths are px of its own view box."""

    def __init__(self, width: float, height: float, words: str) -> None:
        self._width, self._height, self._words = width, height, words
        self._parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, style: str) -> None:
        """Draw a rectangle in the class `style`."""
        self._shape("rect", style, x=x, y=y, width=max(width, 0), height=max(height, 0))

    def box(self, x: float, y: float, width: float, height: float, words: str) -> None:
        """Draw a box with words in its middle, lines parted by `|`."""
        self._shape("rect", "fig__box", x=x, y=y, width=width, height=height, rx=6)
        lines = words.split("|")
        top = y + height / 2 - 9 * (len(lines) - 1)
        for i, line in enumerate(lines):
            style = "fig__label fig__label--strong" if i == 0 else "fig__label"
            self.text(x + width / 2, top + 18 * i, line, style)

    def circle(self, x: float, y: float, radius: float, style: str) -> None:
        """Draw a circle."""
        self._shape("circle", style, cx=x, cy=y, r=radius)

    def ellipse(self, x: float, y: float, width: float, height: float, style: str) -> None:
        """Draw an ellipse of half `width` and half `height`."""
        self._shape("ellipse", style, cx=x, cy=y, rx=width, ry=height)

    def line(self, start: Point, end: Point, style: str) -> None:
        """Draw a straight line."""
        self._shape("line", style, x1=start[0], y1=start[1], x2=end[0], y2=end[1])

    def path(self, data: str, style: str) -> None:
        """Draw a path."""
        self._parts.append(f'<path class="{style}" d="{data}"/>')

    def curve(self, points: Sequence[Point], style: str) -> None:
        """Draw a line through points."""
        data = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
        self.path(data, style)

    def arrow(self, points: Sequence[Point], style: str = "fig__arrow") -> None:
        """Draw a line through points with a head at the last one."""
        self.curve(points, style)
        (x0, y0), (x, y) = points[-2], points[-1]
        length = max(((x - x0) ** 2 + (y - y0) ** 2) ** 0.5, 1e-6)
        u, v = (x - x0) / length, (y - y0) / length
        left = (x - 9 * u - 4.5 * v, y - 9 * v + 4.5 * u)
        right = (x - 9 * u + 4.5 * v, y - 9 * v - 4.5 * u)
        corners = "L".join(f"{number(a)} {number(b)}" for a, b in ((x, y), left, right))
        self.path(f"M{corners}Z", f"{style}-head")

    def text(
        self, x: float, y: float, words: str, style: str = "fig__label", anchor: str = "middle"
    ) -> None:
        """Write words around (x, y)."""
        self._parts.append(
            f'<text class="{style}" x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" '
            f'dominant-baseline="central">{escape(words)}</text>'
        )

    def _shape(self, tag: str, style: str, **lengths: float) -> None:
        values = " ".join(f'{name}="{number(value)}"' for name, value in lengths.items())
        self._parts.append(f'<{tag} class="{style}" {values}/>')

    def svg(self) -> SafeString:
        """Return the drawing. Screen readers read its words; what is inside is hidden from them."""
        size = f"{number(self._width)} {number(self._height)}"
        return mark_safe(  # noqa: S308 - every text was escaped above
            f'<svg class="fig" viewBox="0 0 {size}" width="{number(self._width)}" '
            f'height="{number(self._height)}" role="img" aria-label="{escape(self._words)}">'
            f"{''.join(self._parts)}</svg>"
        )


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Return about `count` round numbers from low to high.

    >>> ticks(0, 10)
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    span = max(high - low, 1e-9)
    power = 10.0 ** math.floor(math.log10(span))
    chosen = next(m * power for m in (1, 0.5, 0.2, 0.1) if span / (m * power) >= count)
    first, last = math.ceil(low / chosen - 1e-9), math.floor(high / chosen + 1e-9)
    return [round(k * chosen, 6) for k in range(first, last + 1)]


class Chart:
    """Axes for curves: `x` and `y` turn values into places on the pen."""

    LEFT, TOP, RIGHT, BOTTOM = 54.0, 28.0, 16.0, 40.0

    def __init__(
        self, pen: Pen, size: Point, x: tuple[float, float], y: tuple[float, float]
    ) -> None:
        self._pen, self._x, self._y = pen, x, y
        self._width, self._height = size

    def x(self, value: float) -> float:
        """Return the place of a value on the x axis."""
        share = (value - self._x[0]) / ((self._x[1] - self._x[0]) or 1)
        return self.LEFT + share * (self._width - self.LEFT - self.RIGHT)

    def y(self, value: float) -> float:
        """Return the place of a value on the y axis; what lies outside stays at the edge."""
        share = (value - self._y[0]) / ((self._y[1] - self._y[0]) or 1)
        return (
            self._height
            - self.BOTTOM
            - min(max(share, 0.0), 1.0) * (self._height - self.TOP - self.BOTTOM)
        )

    def axes(self, x_words: str, y_words: str) -> None:
        """Draw grid lines, numbers and what the axes count."""
        bottom, right = self._height - self.BOTTOM, self._width - self.RIGHT
        for value in ticks(*self._y):
            self._pen.line((self.LEFT, self.y(value)), (right, self.y(value)), "fig__grid")
            self._pen.text(self.LEFT - 8, self.y(value), f"{value:g}", "fig__tick", "end")
        for value in ticks(*self._x):
            self._pen.text(self.x(value), bottom + 14, f"{value:g}", "fig__tick")
        self._pen.line((self.LEFT, bottom), (right, bottom), "fig__axis")
        self._pen.text(right, bottom + 31, x_words, "fig__tick", "end")
        self._pen.text(self.LEFT - 8, self.TOP - 18, y_words, "fig__tick", "start")

    def curve(self, points: Iterable[Point], style: str) -> None:
        """Draw a curve through values."""
        self._pen.curve([(self.x(x), self.y(y)) for x, y in points], style)
