"""How soon the Studio is heard, and how fast it makes a WAV file.

`python -m benchmarks.studio_sound` presses a key on fresh pages of a real Chromium and waits until
the output carries sound: cold, and with the piano fetched while the pointer came near. Then it has
the page make a WAV file of a minute of five instruments, which it fetches and decodes itself.
"""

import base64
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.rendering import ensemble
from benchmarks.report import show, summary
from tests.sound_page import FRONTEND, sound_page

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
RUNS = 7
EXPORTS = 3


def main() -> None:
    """Measure the first note and the export."""
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
        (Path(folder) / "soundfonts").symlink_to(FRONTEND / "dist" / "soundfonts")
        exports = wav_export(browser, address)
        browser.close()
    notes = {"first_note_cold": summary(cold), "first_note_warm": summary(warm)}
    show("studio_sound", {**notes, "wav_export": exports})


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
    height = float(key.evaluate("key => key.getBoundingClientRect().height"))
    key.hover(position={"x": 10, "y": height - 10})  # below the black keys
    page.mouse.down()
    waited = float(page.evaluate("window.sound.untilSound()"))
    context.close()
    return waited / 1000


def wav_export(browser: Browser, address: str) -> dict[str, float]:
    """Return how fast the browser makes a WAV file; each time on a fresh page, without a cache."""
    song = ensemble()
    midi = base64.b64encode(song.to_midi()).decode()
    took = []
    for _ in range(EXPORTS):
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        made = page.evaluate("(midi) => window.sound.exportTime(midi)", midi)
        took.append(float(made["seconds"]))
        context.close()
    median = statistics.median(took)
    return {
        "music_s": round(song.duration_seconds, 1),
        "median_s": round(median, 2),
        "times_real_time": round(song.duration_seconds / median, 1),
        "wav_bytes": made["bytes"],
        "runs": len(took),
    }


if __name__ == "__main__":
    main()
