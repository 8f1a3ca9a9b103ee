"""Asking for generations: the form, the cards, and everything that can come between."""

import pytest
from playwright.sync_api import expect

from tests.browser.panels.fake_site import Refused, model_row


@pytest.fixture
def create(visit):
    """The panel beside a piece that nobody has saved yet."""
    return visit().locator("cp-create")


def only_run(site):
    [run] = site.runs.values()
    return run


def said(page, name):
    """Return the details of the events of one name that the panels sent."""
    return page.evaluate("name => desk.told.filter(e => e.name === name).map(e => e.detail)", name)


def test_a_piece_is_saved_and_worked_on_while_the_studio_stays_usable(create, site, page):
    create.get_by_role("button", name="Add a band").click()
    card = create.get_by_role("article", name="Adding a band")
    expect(card).to_contain_text("2 before it")
    expect(card).to_contain_text("12 s to go")
    page.evaluate("desk.add(72)")
    expect(page.locator("#piece")).to_contain_text("5 notes")

    site.work(only_run(site), 0.42, "Writing the bass")
    expect(card).to_contain_text("Writing the bass", timeout=8000)
    expect(card.get_by_role("progressbar")).to_have_attribute("value", "42")
    result = site.finish(only_run(site))

    done = create.get_by_role("article", name="Add a band")
    expect(done).to_contain_text("+2 added", timeout=8000)
    expect(create.get_by_role("status").first).to_have_text("Add a band: your piece is ready.")
    [told] = said(page, "cp-result")
    assert told["generation"]["result"]["composition"] == result.id
    done.get_by_role("button", name="Keep it").click()
    expect(page.locator("#piece")).to_have_text("First light, worked on, 6 notes")


def test_settings_are_sent_as_they_stand(create, site):
    create.get_by_role("tab", name="Bach it").click()
    create.get_by_label("Creative risk", exact=True).fill("2.5")
    slider = create.get_by_role("slider", name="Maximum notes to add, slider")
    slider.focus()
    slider.press("Home")
    create.get_by_text("More settings").click()
    create.get_by_label("Sampling iterations", exact=True).fill("6")
    create.get_by_label("Seed", exact=True).fill("77")
    create.get_by_role("button", name="Bach it").click()
    expect(create.get_by_role("article")).to_have_count(1)

    wish = only_run(site).wish
    assert (wish["technique"], wish["seed"], wish["model"]) == ("edit", 77, None)
    assert wish["parameters"] == {
        "sampling_iterations": 6,
        "maximum_notes_to_remove": 100,
        "maximum_notes_to_add": 0,
        "creative_risk": 2.5,
        "locked_bars": [],
        "locked_notes": [],
    }


def test_a_model_of_one_s_own_is_offered_and_asked_for(visit, site):
    fixed = {"algorithm": "musegan", "style": "chorale"}
    mine = model_row("own:1", "accompany", title="My Bach", own=True, mine=True, fixed=fixed)
    theirs = model_row("own:2", "accompany", title="Waltzes (ada)", own=True)
    site.own_models = [mine, theirs]
    create = visit().locator("cp-create")

    create.get_by_text("More settings").click()
    field = create.get_by_label("Model", exact=True)
    groups = field.locator("optgroup").evaluate_all("all => all.map(group => group.label)")
    field.select_option(label="My Bach")
    expect(create).to_contain_text("This one decides: MuseGAN, Chorale.")
    create.get_by_role("button", name="Add a band").click()
    expect(create.get_by_role("article")).to_have_count(1)

    assert groups == ["Trained by you", "Shared by others"]
    assert only_run(site).wish["model"] == "own:1"


def test_typing_is_not_disturbed_by_what_happens_meanwhile(create, page):
    create.get_by_role("tab", name="Bach it").click()
    risk, seed = (create.get_by_label(name, exact=True) for name in ("Creative risk", "Seed"))
    risk.fill("")
    for key in "2.5":
        risk.press(key)
        page.evaluate("desk.add(72)")
    seed.press("7")
    page.evaluate("desk.session.ensureSaved()")
    seed.press("8")

    expect(risk).to_have_value("2.5")
    expect(create.get_by_role("slider", name="Creative risk, slider")).to_have_value("2.5")
    expect(seed).to_have_value("78")


def test_locked_bars_are_shown_and_left_alone_unless_somebody_says_otherwise(create, site, page):
    create.get_by_role("tab", name="Bach it").click()
    expect(create).to_contain_text("Nothing is locked.")
    page.evaluate("desk.lock([1])")
    keep = create.get_by_role("checkbox", name="Leave what is locked alone")
    expect(keep).to_have_accessible_description("Bar 1")

    create.get_by_role("button", name="Bach it").click()
    expect(create.get_by_role("article")).to_have_count(1)
    keep.uncheck()
    create.get_by_role("button", name="Bach it").click()
    expect(create.get_by_role("article")).to_have_count(2)

    first, second = site.runs.values()
    assert first.wish["parameters"]["locked_bars"] == [1]
    assert "locked_bars" not in second.wish["parameters"]


def test_a_wrong_value_is_told_at_its_field_before_and_after_it_is_sent(create, site, page):
    create.get_by_role("tab", name="Keep going").click()
    create.get_by_text("More settings").click()
    field = create.get_by_label("Sampling threshold", exact=True)
    field.fill("7")
    create.get_by_text("More settings").click()
    create.get_by_role("button", name="Keep going").click()
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(
        "The share of the probability (nucleus) or of the possible notes (top-k) that is kept. ! "
        "Sampling threshold is a number from 0.05 to 1."
    )
    assert not site.runs

    field.fill("0.9")
    wrong = {"parameters": {"creative_risk": ["Creative risk is too high for this style."]}}
    site.refuse(
        "POST",
        "/generations/",
        Refused(400, "invalid", "Some fields need another value.", fields=wrong),
    )
    create.get_by_role("button", name="Keep going").click()
    expect(create.get_by_label("Creative risk", exact=True)).to_be_focused()
    expect(create).to_contain_text("Creative risk is too high for this style.")


def test_a_technique_that_does_not_run_says_why(site, visit):
    site.unavailable["edit"] = "Its weights are not installed here."

    create = visit().locator("cp-create")
    create.get_by_role("tab", name="Bach it").click()

    expect(create).to_contain_text("Its weights are not installed here.")
    expect(create.get_by_role("button", name="Bach it")).to_have_count(0)


def test_tabs_go_by_arrow_keys(create, page):
    create.get_by_role("tab", name="Add a band").focus()
    page.keyboard.press("ArrowLeft")

    expect(create.get_by_role("tab", name="Keep going")).to_be_focused()
    expect(create.get_by_role("tabpanel", name="Keep going")).to_be_visible()
    page.keyboard.press("Tab")
    expect(create.get_by_label("Extension duration, slider")).to_be_focused()


def test_two_at_once_one_is_cancelled_and_the_other_fails_and_is_asked_again(create, site):
    create.get_by_role("button", name="Add a band").click()
    create.get_by_role("tab", name="Bach it").click()
    create.get_by_role("button", name="Bach it").click()
    band = create.get_by_role("article", name="Adding a band")
    expect(create.get_by_role("article")).to_have_count(2)

    band.get_by_role("button", name="Cancel").click()
    expect(create.get_by_role("article", name="Add a band")).to_contain_text("Cancelled")
    _, second = site.runs.values()
    site.fail(second, "There is too little music to edit.")
    failed = create.get_by_role("article", name="Bach it")
    expect(failed).to_contain_text("There is too little music to edit.", timeout=8000)
    failed.get_by_role("button", name="Try again").click()

    expect(create.get_by_role("article", name="Editing towards Bach")).to_be_visible()
    assert list(site.runs.values())[-1].wish == second.wish | {"model": "ar-cnn"}


def test_a_result_waits_for_a_tab_that_was_closed(site, visit):
    piece = site.compose("First light")
    run = site.generate(piece, "accompany", style="chorale")
    page = visit(f"?piece={piece.id}")
    expect(page.get_by_role("article", name="Adding a band")).to_be_visible()
    page.goto("about:blank")
    site.finish(run)

    page = visit(f"?piece={piece.id}")

    expect(page.get_by_role("article", name="Add a band")).to_contain_text("Done")


def test_a_dropped_network_is_told_and_survived(create, site, page):
    create.get_by_role("button", name="Add a band").click()
    card = create.get_by_role("article")
    expect(card).to_be_visible()

    page.context.set_offline(True)
    expect(card).to_have_attribute("data-stale", "", timeout=8000)
    site.finish(only_run(site))
    page.context.set_offline(False)

    expect(create.get_by_role("article", name="Add a band")).to_contain_text("Done", timeout=8000)


def test_without_a_connection_nothing_is_asked_and_a_repeated_press_asks_once(create, site, page):
    page.context.set_offline(True)
    create.get_by_role("button", name="Add a band").click()
    expect(create.get_by_role("alert")).to_contain_text("Nothing was asked for")

    page.context.set_offline(False)
    create.get_by_role("button", name="Add a band").click()
    expect(create.get_by_role("article")).to_have_count(1)
    expect(create.get_by_role("alert")).to_have_count(0)
    assert len(site.pieces) == len(site.runs) == 1


def test_guests_who_asked_enough_are_offered_an_account(create, site):
    limit = Refused(429, "throttled", "That is as much as guests may ask for.", retry_after=60)
    site.refuse("POST", "/generations/", limit)

    create.get_by_role("button", name="Add a band").click()

    alert = create.get_by_role("alert")
    expect(alert).to_contain_text("That is as much as guests may ask for.")
    [piece] = site.pieces
    expect(alert.get_by_role("link", name="Sign in for more")).to_have_attribute(
        "href", f"/accounts/login/?next=%2Fstudio%2F{piece}%2Fedit%2F%3Fpanel%3Dhand-in"
    )


def test_the_settings_of_a_result_are_used_again(site, visit):
    piece = site.compose("First light")
    site.finish(site.generate(piece, "edit", seed=4711, creative_risk=3.5))
    create = visit(f"?piece={piece.id}").locator("cp-create")

    create.get_by_role("button", name="Use these settings").click()

    expect(create.get_by_role("tab", name="Bach it")).to_have_attribute("aria-selected", "true")
    expect(create.get_by_label("Creative risk", exact=True)).to_have_value("3.5")
    expect(create.get_by_label("Seed", exact=True)).to_have_value("4711")
    create.get_by_role("button", name="Random").click()
    expect(create.get_by_label("Seed", exact=True)).to_have_value("")


def test_an_empty_piece_cannot_be_worked_on(visit):
    create = visit("?empty").locator("cp-create")

    expect(create.get_by_role("button", name="Add a band")).to_be_disabled()
    expect(create).to_contain_text("Play, draw or bring some notes first.")
