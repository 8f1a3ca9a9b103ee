"""The site in German, in a real browser: what scripts say, that it fits, and the choice itself."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests.axe import faults_here
from tests.studio import compose

pytestmark = pytest.mark.usefixtures("weights")

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """A browser that asks for German."""
    return browser_context_args | {"locale": "de-DE"}


def sticks_out(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def test_the_landing_page_fits_a_phone_and_counts_down_in_german(
    live_server, page, round_, complaints
):
    page.set_viewport_size(PHONE)
    page.goto(live_server.url)

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("link", name="Mach deinen Beitrag").first).to_be_visible()
    expect(page.locator("[data-countdown]").first).to_contain_text("noch ")
    assert sticks_out(page) <= 0
    assert faults_here(page, "landing") == []
    assert complaints == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_studio_speaks_german_and_fits(live_server, page, round_, complaints, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}{reverse('studio-new')}")
    expect(page.get_by_role("heading", name="Wie soll es anfangen?")).to_be_visible()
    assert sticks_out(page) <= 0

    page.get_by_role("button", name="Ode to Joy Ludwig").click()

    expect(page.locator(".studio-bar__state")).to_have_text("Gespeichert", timeout=30_000)
    expect(page.get_by_role("group", name="Transport")).to_be_visible()
    assert sticks_out(page) <= 0
    assert faults_here(page, f"studio at {width}") == []
    assert complaints == []


def test_a_refusal_of_the_site_reaches_the_studio_in_german(
    live_server, page, round_, participant, sign_in
):
    sign_in(participant)
    piece = compose(participant, title="Ohne Titel")
    page.goto(f"{live_server.url}{reverse('studio-edit', args=[piece.pk])}")

    page.get_by_role("button", name="Einreichen", exact=True).first.click()

    refusal = page.get_by_text("Die Runde verlangt 0:16 bis 5:00; dieses Stück dauert 0:08.")
    expect(refusal).to_be_visible(timeout=15_000)


def test_the_language_is_changed_without_javascript_and_the_page_stays(
    live_server, browser: Browser, round_
):
    page = browser.new_context(java_script_enabled=False, locale="en-GB").new_page()
    page.goto(f"{live_server.url}/rounds/?from=here")

    page.get_by_role("button", name="Deutsch").click()

    expect(page).to_have_url(f"{live_server.url}/rounds/?from=here")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("button", name="Deutsch")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.context.close()
