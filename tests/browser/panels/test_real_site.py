"""The panels before the site's real API, with tiny models: what one sends, the other takes."""

import pytest
from playwright.sync_api import expect

from challenges.models import Submission
from studio.models import Generation
from tests.browser.panels.bridge import bridged
from tests.pages import score_everything
from tests.studio import generate_everything
from workers.runner import work_once

SLOW = 20_000  # milliseconds; the models work in this very process

pytestmark = pytest.mark.usefixtures("weights")


@pytest.fixture
def address(live_server, panels_folder):
    """The page's address, with the site behind it."""
    with bridged(panels_folder, live_server.url) as page_address:
        yield page_address


def test_a_piece_is_edited_compared_estimated_and_handed_in(
    live_server, address, page, round_, participant, sign_in, complaints
):
    sign_in(participant)
    page.goto(live_server.url)  # brings the token against forged requests
    page.goto(f"{address}/panels.html?in")
    create, compare = page.locator("cp-create"), page.locator("cp-compare")
    create.get_by_role("tab", name="Bach it").click()
    create.get_by_text("More settings").click()
    create.get_by_label("Sampling iterations", exact=True).fill("6")
    create.get_by_label("Seed", exact=True).fill("3")
    create.get_by_role("button", name="Bach it").click()
    expect(create.get_by_role("article", name="Editing towards Bach")).to_be_visible(timeout=SLOW)
    generate_everything()

    create.get_by_role("button", name="Compare").click(timeout=SLOW)
    made = Generation.objects.get()
    expect(compare.get_by_role("button", name=f"Keep {made.n_events} of")).to_be_visible(
        timeout=SLOW
    )
    compare.get_by_label("A: your piece").check()
    compare.get_by_role("button", name=f"Keep {made.n_events} of").click()
    expect(page.locator("#piece")).to_contain_text("in Bach’s hand", timeout=SLOW)
    expect(page.locator("cp-versions")).to_contain_text("You are here")
    expect(page.locator("cp-versions").get_by_text("Bach it", exact=True)).to_be_visible()

    panel = page.locator("cp-hand-in")
    expect(panel.get_by_role("region", name="The round’s rules")).to_be_visible(timeout=SLOW)
    expect(panel.get_by_label("How it was made")).to_have_value("I used Bach it (AR-CNN).")
    panel.get_by_role("button", name="Estimate the score").click()
    expect(panel.get_by_role("progressbar", name="Estimating the score")).to_be_visible(
        timeout=SLOW
    )
    while work_once("score", "test"):
        pass
    expect(panel.locator(".score__value")).to_be_visible(timeout=SLOW)
    panel.get_by_role("checkbox").check()
    panel.get_by_role("button", name="Hand in", exact=True).click()
    expect(panel.get_by_role("article")).to_be_focused(timeout=SLOW)
    score_everything()

    expect(panel.get_by_text("Scored", exact=True)).to_be_visible(timeout=SLOW)
    submission = Submission.objects.get()
    assert [step["technique"] for step in submission.lineage] == ["edit"]
    assert submission.lineage[0]["seed"] == 3
    assert not complaints


def test_a_guest_makes_something_and_is_told_what_an_account_is_for(
    live_server, address, page, round_, complaints
):
    page.goto(live_server.url)
    page.goto(f"{address}/panels.html")
    create = page.locator("cp-create")
    create.get_by_role("button", name="Add a band").click()
    expect(create.get_by_role("article", name="Adding a band")).to_be_visible(timeout=SLOW)
    generate_everything()

    create.get_by_role("button", name="Keep it").click(timeout=SLOW)

    expect(page.locator("#piece")).to_contain_text("with a band", timeout=SLOW)
    expect(page.locator("cp-hand-in").get_by_role("button", name="Sign in")).to_be_visible()
    assert not complaints
