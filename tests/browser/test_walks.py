"""From the landing page to a scored entry: by keyboard alone, without scripts, and in a hurry."""

import re

import pytest
from playwright.sync_api import expect

from challenges.models import Submission
from tests.factories import PASSWORD
from tests.pages import score_everything
from tests.rounds import midi

FILE = {"name": "waltz.mid", "mimeType": "audio/midi", "buffer": midi(5, seconds=40)}
MOST_TABS = 60


def tab_to(page, wanted):
    """Press Tab until the element in focus holds `wanted` in its text, label or name."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(e => [e.innerText, e.ariaLabel, e.name, e.type].join(' '))(document.activeElement)"
        )
        if wanted in focused:
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"Tab never reaches {wanted!r}.")


def fill_in(page, title="A waltz"):
    page.set_input_files("input[type=file]", FILE)
    page.get_by_label("Title").fill(title)
    page.get_by_role("checkbox").check()


def test_keyboard_alone_leads_from_the_landing_page_to_a_scored_entry(
    live_server, page, round_, participant
):
    keys = page.keyboard
    page.goto(live_server.url)
    tab_to(page, "Skip to the content")
    tab_to(page, "Upload a MIDI file")
    keys.press("Enter")
    page.wait_for_url("**/accounts/login/**")
    tab_to(page, "login email")
    keys.type(participant.email)
    tab_to(page, "password password")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url(lambda address: "login" not in address)
    tab_to(page, "midi file")
    with page.expect_file_chooser() as chooser:
        keys.press("Space")
    chooser.value.set_files(FILE)
    tab_to(page, "title text")
    keys.type("By hand")
    tab_to(page, "rights checkbox")
    keys.press("Space")
    tab_to(page, "Hand in")
    keys.press("Enter")
    page.wait_for_url("**/submissions/**")
    score_everything()

    notice = page.get_by_text("Your piece is scored")
    expect(notice).to_be_visible(timeout=8000)
    expect(page.locator("#job")).to_be_focused()
    tab_to(page, "See why")
    assert Submission.objects.get().title == "By hand"


def test_the_score_comes_to_the_page_without_a_reload(
    live_server, page, round_, participant, sign_in, complaints
):
    sign_in(participant)
    page.goto(f"{live_server.url}/rounds/{round_.slug}/submit/")
    fill_in(page)
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/submissions/**")
    expect(page.locator("#job")).to_contain_text("In the queue")
    page.evaluate("window.stayed = true")
    score_everything()

    expect(page.get_by_role("heading", name="Why this score")).to_be_visible(timeout=8000)
    expect(page.locator("#state")).to_contain_text("Scored")
    expect(page.locator('[hx-get$="/status/"]')).to_have_count(0)
    assert page.evaluate("window.stayed")
    assert not complaints


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_click_hands_in_one_piece(live_server, browser, round_, participant, scripts):
    context = browser.new_context(java_script_enabled=scripts, base_url=live_server.url)
    page = context.new_page()
    walk_to_form(page, round_, participant)
    fill_in(page)

    page.get_by_role("button", name="Hand in").dblclick()
    page.wait_for_url("**/submissions/**")

    assert Submission.objects.count() == 1
    context.close()


def walk_to_form(page, round_, participant):
    page.goto(f"/rounds/{round_.slug}/submit/")
    page.get_by_label("Email").fill(participant.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "login" not in address)


def test_everything_works_without_scripts(live_server, browser, round_, participant):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    walk_to_form(page, round_, participant)
    fill_in(page, "No script")
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/submissions/**")
    expect(page.locator("#job")).to_contain_text("In the queue")
    score_everything()

    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", name="Why this score")).to_be_visible()
    page.get_by_role("link", name=round_.title).first.click()
    expect(page.get_by_role("table", name="Entries by score")).to_contain_text("No script")
    page.get_by_role("link", name="No script").first.click()
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("“No script” is withdrawn.")).to_be_visible()
    context.close()


def test_a_dropped_file_is_taken_and_a_wrong_one_named_at_once(
    live_server, page, round_, participant, sign_in
):
    sign_in(participant)
    page.goto(f"{live_server.url}/rounds/{round_.slug}/submit/")

    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["MThd"], "dropped.mid", { type: "audio/midi" }));
            const zone = document.querySelector("[data-upload]");
            zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
        }"""
    )

    expect(page.locator("[data-chosen]")).to_contain_text("dropped.mid")
    assert page.evaluate("document.querySelector('input[type=file]').files.length") == 1


def test_dates_are_shown_in_the_viewers_zone_with_the_rounds_beside(live_server, browser, round_):
    context = browser.new_context(timezone_id="Asia/Tokyo", base_url=live_server.url)
    page = context.new_page()

    page.goto(f"/rounds/{round_.slug}/")

    expect(page.get_by_text(re.compile(r"\(Tokyo\)")).first).to_be_visible()
    expect(page.get_by_text(re.compile(r"\(UTC\)")).first).to_be_visible()
    context.close()
