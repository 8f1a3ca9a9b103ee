"""The Studio's page is reloaded, left, closed and killed while somebody writes."""

import random
import time
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from ml.music import read_canonical
from studio.files import bytes_at
from studio.models import Composition
from tests.browser.studio_page import Notes, begin, notes_of, saved

KEPT_AFTER = 1.0
"""Seconds after which an edit survives whatever happens to its page."""

MOVES = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown")
ENDS = ("reload", "leave", "close", "kill")


@dataclass
class Writer:
    """Somebody who writes at random, and remembers what they wrote and when."""

    context: BrowserContext
    page: Page
    chance: random.Random
    written: list[tuple[float, Notes]] = field(default_factory=list)

    def write(self) -> None:
        """Draw or remove a note somewhere near the last one."""
        self.page.locator("cp-roll .surface").focus()
        for _ in range(self.chance.randint(1, 6)):
            self.page.keyboard.press(self.chance.choice(MOVES))
        self.page.keyboard.press("Enter")
        self.written.append((time.monotonic(), notes_of(self.page)))

    def end(self, how: str) -> None:
        """Lose the page, with or without a word to it."""
        if how == "reload":
            self.page.reload()
        elif how == "leave":
            self.page.goto("about:blank")
        elif how == "close":
            self.page.close(run_before_unload=False)
        else:
            # Nothing answers from there.
            with self.page.expect_event("crash"), suppress(Error):
                self.page.goto("chrome://crash", timeout=5000)
            self.page.close()

    def come_back(self, address: str) -> Notes:
        """Open the piece again, and return what is there."""
        if self.page.is_closed():
            self.page = self.context.new_page()
        self.page.goto(address)
        expect(self.page.locator("cp-roll .surface")).to_be_visible()
        expect(self.page.locator(".studio-bar__state")).not_to_have_text("")
        return notes_of(self.page)

    def may_be_there(self, how: str, at: float) -> list[Notes]:
        """Return the states in which the piece may be found after its page was lost."""
        told = how in ("reload", "leave")
        safe = [n for n, (when, _) in enumerate(self.written) if told or at - when > KEPT_AFTER]
        return [notes for _, notes in self.written[max(safe, default=0) :]]


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_written_is_there_again_whatever_happens_to_the_page(live_server, context, seed):
    chance = random.Random(seed)
    page = context.new_page()
    begin(page, live_server.url)
    address = page.url
    writer = Writer(context, page, chance)
    ends = chance.sample(ENDS, len(ENDS))

    for how in ends:
        writer.written = [(0.0, notes_of(writer.page))]
        for _ in range(chance.randint(2, 4)):
            writer.write()
            writer.page.wait_for_timeout(chance.randint(0, 600))
        at = time.monotonic()
        writer.end(how)
        found = writer.come_back(address)
        assert found in writer.may_be_there(how, at), f"{how} lost something"

    saved(writer.page)
    on_site = read_canonical(bytes_at(Composition.objects.get().midi_key))
    kept = sorted(
        (int(start), int(pitch))
        for track in on_site.tracks
        for start, pitch in zip(track.notes.start, track.notes.pitch, strict=True)
    )
    assert kept == sorted((start, pitch) for start, pitch, _, _ in notes_of(writer.page))


def test_a_piece_that_the_site_never_saw_is_offered_again_after_a_crash(live_server, context):
    page = context.new_page()
    page.goto(f"{live_server.url}/studio/new/")
    page.route("**/api/v1/compositions/", lambda route: route.abort())
    page.get_by_role("button", name="Start empty").click()
    writer = Writer(context, page, random.Random(5))
    writer.write()
    written = notes_of(page)
    page.wait_for_timeout(int(KEPT_AFTER * 1000))

    writer.end("kill")
    again = context.new_page()
    again.goto(f"{live_server.url}/studio/new/")
    again.get_by_role("button", name="Untitled").click()

    saved(again)
    assert notes_of(again) == written
    assert Composition.objects.get().n_notes == 1
