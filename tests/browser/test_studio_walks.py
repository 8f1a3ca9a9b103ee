"""From the landing page through the Studio to a scored entry, by keyboard alone and by touch."""

import re

from playwright.sync_api import Page, expect

from challenges.models import Submission
from tests.browser.studio_page import notes_of, saved, tab_to
from tests.factories import PASSWORD
from tests.pages import score_everything

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def expect_scored(page: Page) -> None:
    """Work the queue, and wait until the panel says that the piece is scored."""
    panel = page.locator("cp-hand-in")
    expect(panel.get_by_role("article")).to_be_visible(timeout=15_000)
    score_everything()
    expect(panel.get_by_text("Scored", exact=True)).to_be_visible(timeout=15_000)


def test_keyboard_alone_leads_through_the_studio_to_a_scored_entry(
    live_server, page, round_, participant, complaints
):
    keys = page.keyboard
    page.goto(live_server.url)
    tab_to(page, "Make your entry")
    keys.press("Enter")
    page.wait_for_url("**/studio/new/**")
    tab_to(page, "Ode to Joy")
    keys.press("Enter")
    saved(page)
    before = len(notes_of(page))
    tab_to(page, "Piano roll", within="cp-roll")
    keys.press("ArrowDown")
    keys.press("Enter")
    assert len(notes_of(page)) == before + 1
    saved(page)

    tab_to(page, "Create")
    keys.press("End")
    tab_to(page, "Sign in to hand it in", within="cp-hand-in")
    keys.press("Enter")
    page.wait_for_url("**/accounts/login/**")
    tab_to(page, "login email")
    keys.type(participant.email)
    tab_to(page, "password password")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/studio/*/edit/**")
    saved(page)
    tab_to(page, "Title", within="cp-hand-in")
    keys.press("Control+a")
    keys.type("By keys alone")
    tab_to(page, "I made this piece", within="cp-hand-in")
    keys.press("Space")
    tab_to(page, "Hand in", within="cp-hand-in")
    keys.press("Enter")
    expect_scored(page)

    tab_to(page, "Go to your entry", within="cp-hand-in")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Why this score")).to_be_visible()
    assert Submission.objects.get().title == "By keys alone"
    assert Submission.objects.get().n_notes == before + 1
    assert not complaints


def test_fingers_on_a_phone_lead_through_the_studio_to_a_scored_entry(
    live_server, browser, round_, participant
):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_role("link", name="Make your entry").first.tap()
    page.get_by_role("button", name="Ode to Joy Ludwig").tap()
    saved(page)
    page.get_by_role("tab", name="Notes", exact=True).tap()
    before = len(notes_of(page))
    page.locator("cp-roll .surface").tap(position={"x": 300, "y": 90})
    assert len(notes_of(page)) == before + 1
    saved(page)

    page.get_by_role("tab", name="Create", exact=True).first.tap()
    page.get_by_role("tab", name="Hand in", exact=True).tap()
    panel = page.locator("cp-hand-in")
    panel.get_by_role("button", name="Sign in to hand it in").tap()
    page.get_by_label("Email").fill(participant.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").tap()
    page.wait_for_url("**/studio/*/edit/**")
    panel.get_by_label("I made this piece").tap()
    panel.get_by_role("button", name=re.compile("^Hand in")).tap()
    expect_scored(page)

    panel.get_by_role("link", name="Go to your entry").tap()
    expect(page.get_by_role("heading", name="Why this score")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["viewport"]["width"]
    assert Submission.objects.get().n_notes == before + 1
    context.close()
