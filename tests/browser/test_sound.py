"""Hearing pieces in a real browser, and making the same sound there as on the server."""

import hashlib
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from challenges.models import Listen
from studio.files import bytes_at
from tests.axe import faults_of
from tests.factories import make_person
from tests.pages import score_everything
from tests.rounds import hand_in, midi
from tests.sound import render_everything
from tests.studio import compose
from workers.node_process import NODE

PLAYHEAD = "#roll .playhead"


@pytest.fixture
def entry(round_):
    piece = hand_in(round_, make_person(), upload=midi(3, seconds=6), at=timezone.now())
    score_everything()
    render_everything()
    return piece.entry


def now_of(page: Page) -> float:
    return float(page.evaluate("document.querySelector('audio').currentTime"))


def test_a_visitor_hears_an_entry_and_is_counted(live_server, page, entry, complaints):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/entries/{entry.pk}/")
    expect(page.get_by_role("slider", name="Position")).to_have_attribute("aria-valuenow", "0")
    assert not [url for url in asked if url.endswith(".mp3")], "nothing is loaded before one asks"
    before = page.locator(PLAYHEAD).get_attribute("x1")

    with page.expect_response("**/listens/", timeout=20_000) as told:
        page.evaluate("document.querySelector('audio').play()")

    assert told.value.json() == {"counted": True, "listens": 1}
    assert Listen.objects.get().seconds >= 3
    assert float(page.locator(PLAYHEAD).get_attribute("x1") or 0) > float(before or 0) + 100
    assert not complaints


def test_the_keyboard_and_a_click_on_the_roll_move_the_playhead(live_server, page, entry):
    page.goto(f"{live_server.url}/entries/{entry.pk}/")
    slider = page.get_by_role("slider", name="Position")

    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "0:05 of 0:07")
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "0")
    page.keyboard.press("Space")
    expect(slider).to_have_attribute("aria-valuenow", "1", timeout=15_000)
    page.keyboard.press("Space")
    assert page.evaluate("document.querySelector('audio').paused")

    roll = page.locator("#roll svg")
    box = roll.bounding_box()
    assert box is not None
    roll.click(position={"x": 40 + (box["width"] - 40) / 2, "y": 100})
    assert now_of(page) == pytest.approx(3.0, abs=0.3)
    assert not faults_of(page, live_server.url, {"entry": f"/entries/{entry.pk}/"})


def test_rows_play_one_at_a_time(live_server, page, entry, complaints):
    hand_in(entry.round, make_person(), upload=midi(4, seconds=6), at=timezone.now())
    score_everything()
    render_everything()
    page.goto(f"{live_server.url}/rounds/{entry.round.slug}/leaderboard/")
    buttons = page.locator("[data-play]")
    expect(buttons).to_have_count(2)

    buttons.nth(0).click()
    expect(buttons.nth(0)).to_have_attribute("aria-pressed", "true")
    buttons.nth(1).focus()
    page.keyboard.press("Space")

    expect(buttons.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(buttons.nth(0)).to_have_attribute("aria-pressed", "false")
    assert not complaints


def test_the_player_arrives_when_the_sound_is_made(live_server, page, participant, sign_in):
    sign_in(participant)
    tune = compose(participant, seconds=2)
    page.goto(f"{live_server.url}/studio/{tune.pk}/")
    expect(page.get_by_text("is being made")).to_be_visible()

    render_everything()

    expect(page.get_by_role("slider", name="Position")).to_be_visible(timeout=8000)
    expect(page.locator("audio")).to_have_attribute("src", f"/studio/{tune.pk}/audio.mp3")


def test_the_browser_makes_the_same_wav_file_as_the_server(
    live_server, page, participant, sign_in, tmp_path: Path, complaints
):
    sign_in(participant)
    tune = compose(participant, seconds=8)
    (tmp_path / "song.mid").write_bytes(bytes_at(tune.midi_key))
    page.goto(f"{live_server.url}/studio/{tune.pk}/")

    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("link", name="Download WAV").click()

    subprocess.run(
        [NODE, settings.RENDERER, "song.mid", "song.wav", "--soundfonts", settings.SOUNDFONTS],
        cwd=tmp_path,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    here = hashlib.sha256(Path(download.value.path()).read_bytes()).hexdigest()
    assert here == hashlib.sha256((tmp_path / "song.wav").read_bytes()).hexdigest()
    assert download.value.suggested_filename == "A tune.wav"
    assert not complaints


def test_without_scripts_the_browser_s_own_player_is_there(live_server, browser, entry):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(f"/entries/{entry.pk}/")

    expect(page.locator("audio[controls]")).to_be_visible()
    expect(page.get_by_role("slider", name="Position")).to_have_count(0)
    context.close()
