"""How long the Studio's piano roll takes to draw, in a real browser that draws by software.

`python -m benchmarks.roll` needs Chromium. A redraw ends when its pixels can be read. "in view":
every note is drawn; "in the piece": as many notes, of which the usual zoom shows some. `frames` are
the times between frames while the roll scrolls; 16.7 ms is 60 a second. On a machine that is busy
with something else, only the fastest redraw says something about the code.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize, sync_playwright

from benchmarks.elements import build_elements, served
from benchmarks.report import show, summary

BUDGETS_MS = {2_000: 8, 10_000: 16}
RUNS = 60
WINDOW: ViewportSize = {"width": 1920, "height": 1000}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WHOLE = {"beatWidth": 6, "rowHeight": 6}
FILL_THE_WINDOW = """Object.assign(roll.style, {
  position: 'fixed', inset: 0, width: '100vw', height: '100vh', zIndex: 9,
})"""
USUAL = {"beatWidth": 48, "rowHeight": 16}


def main() -> None:
    """Measure redraws of 2 000 and 10 000 notes."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("This benchmark needs Chromium: install the package chromium.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build_elements(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with served(Path(folder)) as address:
            page = browser.new_page(viewport=WINDOW)
            page.goto(address)
            page.evaluate(FILL_THE_WINDOW)
            page.wait_for_timeout(500)
            figures = {f"{count} notes": _measure(page, count) for count in BUDGETS_MS}
        browser.close()
    show("roll", {"browser": "software drawing, 1920 x 1000", **figures})


def _measure(page: Page, count: int) -> dict[str, Any]:
    in_view = _redraws(page, count, step=56, zoom=WHOLE)
    in_piece = _redraws(page, count, step=120, zoom=USUAL)
    frames = page.evaluate("frames(120)")
    return {
        "budget_ms": BUDGETS_MS[count],
        "in_view": in_view,
        "in_the_piece": in_piece,
        "frames": summary(ms / 1000 for ms in frames),
        "within_budget": in_view["median_ms"] <= BUDGETS_MS[count],
    }


def _redraws(page: Page, count: int, *, step: int, zoom: dict[str, int]) -> dict[str, float]:
    page.evaluate(
        """async ([count, step, zoom]) => {
          fill(count, step);
          await roll.updateComplete;
          desk.set(zoom);
          roll.look({ ...roll.view, left: 0, top: (127 - 100) * zoom.rowHeight });
          redraws(5);
        }""",
        [count, step, zoom],
    )
    times = page.evaluate(f"redraws({RUNS})")
    return {"fastest_ms": round(min(times), 3), **summary(ms / 1000 for ms in times)}


if __name__ == "__main__":
    main()
