"""How a piece came to be, and the way back."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def family(site):
    """A tune with a band, which is then edited; the band's piece is the one to open."""
    tune = site.compose("First light")
    band = site.finish(site.generate(tune, "accompany", seed=7, style="chorale"))
    site.finish(site.generate(band, "edit", seed=12, creative_risk=2.0))
    return tune, band


@pytest.fixture
def versions(visit, family):
    """The panel beside the middle piece."""
    panel = visit(f"?piece={family[1].id}").locator("cp-versions")
    expect(panel.get_by_text("You are here")).to_be_visible()
    return panel


def test_the_tree_says_what_was_made_of_what(versions):
    tree = versions.locator(".tree")
    expect(tree.locator("[aria-current]")).to_contain_text("First light, worked on")
    expect(tree).to_contain_text("Add a band")
    expect(tree).to_contain_text("+4 −0")
    expect(tree).to_contain_text("Result of Bach it")

    tree.get_by_text("Bach it", exact=True).click()

    facts = tree.locator("details[open] dl")
    expect(facts).to_contain_text("AR-CNN, ar-cnn")
    expect(facts).to_contain_text("Creative risk")
    expect(facts).to_contain_text("12")


def test_every_piece_of_the_tree_is_opened_from_it(versions, page, family):
    versions.get_by_role("button", name="Open Result of Bach it").click()
    expect(page.locator("#piece")).to_contain_text("worked on, worked on")
    versions.get_by_role("button", name="Open First light", exact=True).click()

    expect(page.locator("#piece")).to_have_text("First light, 8 notes")
    assert page.evaluate("desk.session.piece.id") == family[0].id
    expect(versions.locator(".tree [aria-current]")).to_contain_text("First light")


def test_settings_of_any_generation_are_used_again(versions, page):
    versions.get_by_text("Bach it", exact=True).click()
    versions.get_by_role("button", name="Use these settings again").last.click()

    create = page.locator("cp-create")
    expect(create.get_by_role("tab", name="Bach it")).to_have_attribute("aria-selected", "true")
    expect(create.get_by_label("Creative risk", exact=True)).to_have_value("2")


def test_an_earlier_state_comes_back_as_a_command(versions, page, family):
    page.evaluate("desk.add(72)")
    page.evaluate("desk.session.ensureSaved()")
    earlier = versions.get_by_role("button", name="Bring back version 1")
    expect(earlier).to_be_visible()

    earlier.click()
    expect(page.locator("#piece")).to_contain_text("12 notes")
    assert page.evaluate("desk.session.document.undoName") == "Go back to version 1"
    page.evaluate("desk.session.document.undo()")

    expect(page.locator("#piece")).to_contain_text("13 notes")
    page.evaluate("desk.session.document.redo()")
    page.evaluate("desk.session.ensureSaved()")
    expect(versions.locator("ol > li")).to_have_count(3)
    assert family[1].states[0] == family[1].states[2] != family[1].states[1]


def test_a_result_that_comes_in_grows_on_the_tree(versions, page, site, family):
    create = page.locator("cp-create")
    create.get_by_role("tab", name="Keep going").click()
    create.get_by_role("button", name="Keep going").click()
    expect(create.get_by_role("article", name="Playing on")).to_be_visible()

    site.finish(list(site.runs.values())[-1])

    expect(versions.get_by_role("strong").filter(has_text="Keep going")).to_be_visible(timeout=8000)


def test_deleted_pieces_keep_their_place(visit, site, family):
    del site.pieces[family[0].id]

    versions = visit(f"?piece={family[1].id}").locator("cp-versions")

    expect(versions).to_contain_text("A deleted piece")
    expect(versions.get_by_role("button", name="Open A deleted piece")).to_be_disabled()


def test_an_unsaved_piece_has_no_versions_yet(visit):
    versions = visit("?empty").locator("cp-versions")

    expect(versions).to_contain_text("As soon as the piece is saved")
