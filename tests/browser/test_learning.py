"""The lessons in a browser: accessible in both themes, on a phone, by keyboard, without scripts."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from learning.book import capsules
from learning.progress import InRows, State
from learning.services import issue_certificate
from tests.axe import faults_here, faults_of
from tests.lessons import read_melodies
from tests.studio import compose

LOADING = 20_000  # on a busy machine
UUID = re.compile(r"[0-9a-f-]{36}")
CHAPTER = "/learn/gans/orchestra-and-conductor/"
PAINT = "/learn/music-as-data/the-piano-roll/"
SAMPLING = "/learn/transformers/drawing-a-note/"


@pytest.fixture
def pages(participant):
    """The address of each type of page, and of chapters with each kind of live part."""
    gans = capsules()["gans"]
    for chapter in gans.chapters:
        InRows(participant).save(chapter, State({}, timezone.now()))
    question = gans.chapters[0].questions[0]
    wrong = {question.id: {"given": ["1", "0", "0", "0"], "right": False}}
    InRows(participant).save(gans.chapters[0], State(wrong, None))
    certificate = issue_certificate(person=participant, capsule=gans, now=timezone.now())
    return {
        "shelf": "/learn/", "capsule": "/learn/ar-cnn/", "finished capsule": "/learn/gans/",
        "answered chapter": CHAPTER, "painting": PAINT, "sampling": SAMPLING,
        "attention": "/learn/transformers/attention/", "edits": "/learn/ar-cnn/a-real-run/",
        "evolution": "/learn/gans/what-it-makes/",
        "critic": "/learn/gans/two-losses/", "marks": "/learn/judging-music/reading-your-score/",
        "policy": "/learn/reinforcement-learning/explore-or-exploit/",
        "layers": "/learn/neural-networks/layers/", "command": "/learn/training-a-gan/train/",
        "table": "/learn/neural-networks/size-and-shape/", "glossary": "/learn/glossary/",
        "search": "/learn/search/?q=nucleus", "nothing found": "/learn/search/?q=zebra",
        "certificate": certificate.get_absolute_url(),
    }  # fmt: skip


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 360)])
def test_every_page_is_accessible_and_fits(
    live_server, page, pages, participant, sign_in, complaints, theme, width
):
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(participant)

    assert not faults_of(page, live_server.url, pages)
    assert complaints == []


def test_organizers_arrange_accessibly(live_server, page, organizer, sign_in):
    sign_in(organizer)

    assert not faults_of(page, live_server.url, {"arrange": "/learn/manage/"})


def test_painting_by_keyboard_shows_the_array_and_keeps_the_focus(live_server, page, complaints):
    page.goto(live_server.url + PAINT)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#live-paint-say")).to_have_text("0 of 104 cells are on: 0 notes.")

    cell = page.get_by_role("checkbox", name="C4, eighth 1", exact=True)
    cell.focus()
    page.keyboard.press("Space")

    expect(page.locator("#live-paint-say")).to_have_text("1 of 104 cells are on: 1 note.")
    expect(cell).to_be_checked()
    expect(cell).to_be_focused()
    assert complaints == []


def test_a_slider_moves_by_keyboard_and_the_rest_of_the_page_stays(live_server, page):
    page.goto(live_server.url + SAMPLING)
    slider = page.get_by_role("slider", name="Sampling threshold")
    slider.focus()
    page.keyboard.press("Home")

    expect(page.locator("#live-sampling-say")).to_contain_text("1 of 89 notes stay in the draw")
    expect(page).to_have_url(live_server.url + SAMPLING)


def test_a_guest_walks_without_scripts_and_signs_nothing_away(live_server, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/learn/")
    page.get_by_role("link", name="What generative AI is").click()
    page.get_by_role("link", name="Begin").click()
    page.get_by_role("button", name="Wild leaps").click()
    assert "part=judge" in page.url
    expect(page.locator("#live-judge-say")).to_contain_text("It takes this for a fake.")

    rows = {
        "Tell whether a melody": "discriminative", "Continue a melody": "generative",
        "Add a bass line": "generative", "Find the wrong notes": "discriminative",
    }  # fmt: skip
    for label, answer in rows.items():
        page.get_by_label(label).select_option(label=answer)
    page.get_by_role("button", name="Check").click()

    expect(page.locator("#which-question").get_by_text("Right.", exact=True)).to_be_visible()
    expect(page.get_by_text("This chapter is done.")).to_be_visible()
    page.get_by_role("link", name="On to: The smallest composer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The smallest composer")
    context.close()


def test_a_melody_of_ones_own_is_painted_read_and_drawn_without_a_reload(
    live_server, page, complaints
):
    page.goto(f"{live_server.url}/learn/transformers/attention/")
    page.get_by_text("Bring a melody of your own").click()
    for step, name in enumerate(("C4", "D4", "E4", "F4", "G4", "A4", "G4", "E4"), start=1):
        page.get_by_role("checkbox", name=f"{name}, eighth {step}", exact=True).check()
    page.get_by_role("button", name="Read what I painted").click()
    heading = page.get_by_role("heading", name="Reading your melody")
    expect(heading).to_be_visible(timeout=LOADING)
    assert not faults_here(page, "waiting")

    assert read_melodies() == 1

    say = page.locator("#live-attention-say")
    expect(say).to_contain_text("the network looks most at", timeout=LOADING)
    expect(page.locator("#attention-melody")).to_have_value(UUID)
    page.get_by_role("slider", name="Beat that asks").focus()
    page.keyboard.press("Home")
    expect(page.locator("#live-attention-say")).to_contain_text("At bar 1, beat 1")
    expect(page.get_by_role("button", name="Play Your melody")).to_be_visible()
    assert not faults_here(page, "read")
    assert complaints == []


def test_a_melody_of_ones_own_is_read_without_scripts(live_server, browser, participant):
    tune = compose(participant, title="My tune")
    client = Client()
    client.force_login(participant)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/learn/transformers/attention/")
    page.get_by_text("Bring a melody of your own").click()
    page.get_by_label("One of your pieces").select_option(label=tune.title)
    page.get_by_role("button", name="Read this piece").click()
    read_melodies()

    page.get_by_role("link", name="Look again").click()

    say = page.locator("#live-attention-say")
    expect(say).to_contain_text("the network looks most at", timeout=LOADING)
    context.close()
