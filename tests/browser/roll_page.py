"""What tests of the piano roll do in the page: find places, read the music, wait for a state."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

PATIENCE = 5


class RollPage:
    """The page of `benchmarks.elements`, seen through its piano roll."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def at(self, tick: float, pitch: float) -> tuple[float, float]:
        """Return where a tick and the middle of a pitch's row stand in the window."""
        x, y = self.page.evaluate(
            """([tick, pitch]) => {
              const box = roll.renderRoot.querySelector('.surface').getBoundingClientRect();
              const { view, layout } = roll;
              const x = (tick - view.left) * view.beatWidth / 480;
              const y = (127.5 - pitch) * view.rowHeight - view.top;
              return [box.left + 1 + layout.keys + x, box.top + 1 + layout.ruler + y];
            }""",
            [tick, pitch],
        )
        return x, y

    def part(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the roll's surface; negative numbers count from its far edges."""
        box = self.page.locator("cp-roll .surface").bounding_box()
        assert box is not None
        return (
            box["x"] + (x if x >= 0 else box["width"] + x),
            box["y"] + (y if y >= 0 else box["height"] + y),
        )

    def click(self, tick: float, pitch: float) -> None:
        """Click on a place of the grid."""
        self.page.mouse.click(*self.at(tick, pitch))

    def drag(
        self, start: tuple[float, float], end: tuple[float, float], *, drop: bool = True
    ) -> None:
        """Drag from a (tick, pitch) to another one with the mouse."""
        self.drag_points(self.at(*start), self.at(*end), drop=drop)

    def drag_points(
        self, start: tuple[float, float], end: tuple[float, float], *, drop: bool = True
    ) -> None:
        """Drag from a point of the window to another one."""
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=4)
        if drop:
            self.page.mouse.up()

    def notes(self, track: int = 0) -> list[tuple[int, int, int, int]]:
        """Return (start, pitch, duration, velocity) of the notes that are kept."""
        rows = self.page.evaluate(
            """(i) => studio.committed.song.tracks[i].notes
                 .map((n) => [n.start, n.pitch, n.duration, n.velocity])""",
            track,
        )
        return [tuple(row) for row in rows]

    def undo_name(self) -> str | None:
        """Return the name of the last command."""
        name: str | None = self.page.evaluate("studio.undoName")
        return name

    def selected(self) -> list[int]:
        """Return the pitches of the selected notes."""
        pitches: list[int] = self.page.evaluate(
            """studio.committed.song.tracks.flatMap((t) => t.notes)
                 .filter((n) => desk.state.selection.has(n.id)).map((n) => n.pitch)"""
        )
        return pitches

    def set_desk(self, **state: Any) -> None:
        """Change tool, grid or zoom."""
        self.page.evaluate("(state) => desk.set(state)", state)

    def events(self, name: str) -> list[Any]:
        """Return the details of the events of a name, in order."""
        details: list[Any] = self.page.evaluate(
            "(name) => heard.filter((e) => e.name === name).map((e) => e.detail)", name
        )
        return details

    def spoken(self) -> str:
        """Return the last announcement."""
        return self.page.locator("cp-roll [aria-live]").text_content() or ""

    def until(self, seen: Callable[[], object], expected: object) -> None:
        """Wait until a question has the expected answer.

        Playwright's own wait evaluates a string in the page, which the policy forbids.
        """
        end = time.monotonic() + PATIENCE
        while (found := seen()) != expected:
            assert time.monotonic() < end, f"{found!r} is not {expected!r}"
            self.page.wait_for_timeout(20)

    def pixel(self, tick: float, pitch: float) -> tuple[int, int, int]:
        """Return the color of the lower canvas at a place of the grid, after the next frame."""
        x, y = self.at(tick, pitch)
        color = self.page.evaluate(
            """async ([x, y]) => {
              await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
              const canvas = roll.renderRoot.querySelector('canvas');
              const box = canvas.getBoundingClientRect();
              const ratio = canvas.width / box.width;
              const at = [(x - box.left) * ratio, (y - box.top) * ratio];
              return [...canvas.getContext('2d').getImageData(...at, 1, 1).data].slice(0, 3);
            }""",
            [x, y],
        )
        return tuple(color)
