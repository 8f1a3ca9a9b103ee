"""The panels in every state: what axe finds, whether they fit, and what the console says."""

import pytest
from playwright.sync_api import expect

from tests.axe import faults_here


@pytest.fixture
def busy(site):
    """A piece with a generation in every state."""
    tune = site.compose("A rather long title for a very small panel of the Studio")
    piece = site.finish(site.generate(tune, "accompany", style="chorale"))
    site.finish(site.generate(piece, "edit", seed=12, creative_risk=1.0))
    site.work(site.generate(piece, "extend"), 0.42, "Writing the second phrase")
    site.fail(site.generate(piece, "edit"), "There is too little music to edit.")
    site.generate(piece, "accompany")
    return piece


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)]
)
def test_every_state_is_accessible_and_fits(visit, site, busy, page, complaints, scheme, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    visit(f"?in&piece={busy.id}")
    create, hand_in = page.locator("cp-create"), page.locator("cp-hand-in")
    expect(create.get_by_role("article")).to_have_count(4)
    faults = faults_here(page, "at first")

    create.get_by_role("tab", name="Keep going").click()
    create.get_by_text("More settings").click()
    create.get_by_label("Sampling threshold", exact=True).fill("7")
    create.get_by_role("button", name="Keep going").click()
    create.get_by_role("button", name="Compare").first.click()
    page.locator("cp-versions").get_by_text("Bach it", exact=True).click()
    hand_in.get_by_role("button", name="Hand in", exact=True).click()
    hand_in.get_by_role("button", name="Estimate the score").click()
    expect(hand_in.get_by_role("progressbar")).to_be_visible()
    site.score()
    expect(hand_in).to_contain_text("82.6", timeout=8000)
    expect(page.locator("cp-edits").get_by_role("slider")).to_be_visible()
    faults += faults_here(page, "while generating and comparing")

    hand_in.get_by_role("checkbox").check()
    hand_in.get_by_role("button", name="Hand in", exact=True).click()
    expect(hand_in.get_by_role("progressbar")).to_be_visible()
    site.score()
    expect(hand_in.get_by_role("article")).to_contain_text("82.6", timeout=8000)
    faults += faults_here(page, "once handed in")

    assert not faults
    assert not complaints


def test_a_piece_is_worked_on_and_handed_in_by_keyboard_alone(visit, site, page):
    piece = site.compose("First light")
    visit(f"?in&piece={piece.id}")

    def press_to(role, name, key="Enter"):
        target = page.get_by_role(role, name=name, exact=True).first
        for _ in range(120):
            if target.evaluate("element => element === document.activeElement"):
                page.keyboard.press(key)
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {name}.")

    page.locator("#create-accompany").focus()
    press_to("button", "Add a band")
    expect(page.get_by_role("article", name="Adding a band")).to_be_visible()
    site.finish(next(iter(site.runs.values())))
    expect(page.get_by_role("article", name="Add a band")).to_be_visible(timeout=8000)
    press_to("button", "Compare")
    expect(page.get_by_role("group", name="Listen to")).to_be_visible()
    press_to("button", "Keep the result")
    expect(page.locator("#piece")).to_contain_text("worked on")
    press_to("checkbox", "I made this piece, or may share it under the licence above.", "Space")
    press_to("button", "Hand in")

    expect(page.locator("cp-hand-in").get_by_role("article")).to_be_focused()
    assert len(site.submissions) == 1
