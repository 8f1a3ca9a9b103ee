"""How soon the Studio is heard.

`python -m benchmarks.studio_sound` presses a key on fresh pages of a real Chromium and waits until
the output carries sound: cold, and with the piano fetched while the pointer came near.
"""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.report import show, summary
from tests.sound_page import sound_page

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
RUNS = 7


def main() -> None:
    """Measure the first note."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sound_page(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        cold = [first_note(browser, address) for _ in range(RUNS)]
        warm = [first_note(browser, address, warm=True) for _ in range(RUNS)]
        browser.close()
    show("studio_sound", {"first_note_cold": summary(cold), "first_note_warm": summary(warm)})


def first_note(browser: Browser, address: str, *, warm: bool = False) -> float:
    """Return the seconds from a press on the first key until something is heard."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    key = page.locator("cp-keys .white").first
    key.wait_for()
    if warm:
        page.evaluate("window.sound.engine.warm([0])")
        page.wait_for_timeout(1500)
    key.hover(position={"x": 10, "y": 100})
    page.mouse.down()
    waited = float(page.evaluate("window.sound.untilSound()"))
    context.close()
    return waited / 1000


if __name__ == "__main__":
    main()
