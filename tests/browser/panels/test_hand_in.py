"""From the rules to the score, with everything that can say no."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.panels.fake_site import Refused, round_row


@pytest.fixture
def piece(site):
    """A melody with a band."""
    return site.finish(site.generate(site.compose("First light"), "accompany", seed=7))


@pytest.fixture
def panel(visit, piece):
    """The panel of somebody who is signed in."""
    return visit(f"?in&piece={piece.id}").locator("cp-hand-in")


def hand_in(panel):
    panel.get_by_role("checkbox").check()
    panel.get_by_role("button", name="Hand in", exact=True).click()


def test_a_piece_is_handed_in_once_and_watched_until_its_score(panel, site, piece, page):
    expect(panel.get_by_label("Title")).to_have_value("First light, worked on")
    expect(panel.get_by_label("How it was made")).to_have_value("Made with gan-chorale, seed 7.")
    panel.get_by_label("Title").fill("Dawn")
    panel.get_by_label("What others may do with it").select_option("cc0-1.0")
    panel.get_by_role("checkbox").check()
    panel.get_by_role("button", name="Hand in", exact=True).dblclick()

    card = panel.get_by_role("article", name="Dawn")
    expect(card).to_be_focused()
    expect(card).to_contain_text("Your piece has arrived.")
    [row] = site.submissions.values()
    assert {name: row[name] for name in ("composition", "title", "statement", "licence")} == {
        "composition": piece.id,
        "title": "Dawn",
        "statement": "Made with gan-chorale, seed 7.",
        "licence": "cc0-1.0",
    }
    site.score(82.6)
    expect(card).to_contain_text("82.6", timeout=8000)
    expect(card.get_by_role("img", name="Music 42.6 of 60, Originality 30.0 of 30")).to_be_visible()
    expect(panel.get_by_role("link", name="Go to your entry")).to_have_attribute(
        "href", f"/entries/{row['entry']}/"
    )
    assert page.evaluate("desk.told.filter(e => e.name === 'cp-submitted').length") == 1


def test_nothing_is_sent_without_a_title_and_the_right_to_share(panel, site):
    panel.get_by_label("Title").fill(" ")
    panel.get_by_role("button", name="Hand in", exact=True).click()

    expect(panel.get_by_label("Title")).to_be_focused()
    expect(panel).to_contain_text("Give your piece a title.")
    expect(panel.get_by_role("checkbox")).to_have_attribute("aria-invalid", "true")
    expect(panel).to_contain_text("Confirm that you may share this piece.")
    assert site.asked("POST", "/submissions/") == 0


def test_rules_are_checked_as_the_music_changes(visit, site, page):
    panel = visit("?in").locator("cp-hand-in")
    rules = panel.get_by_role("region", name="The round’s rules").get_by_role("listitem")
    expect(rules.first).to_contain_text("Not kept: Too short: yours has 0:02.")
    expect(panel.get_by_role("region").get_by_role("status")).to_have_text("1 rule is not kept.")

    page.evaluate("desk.add(72)")

    expect(rules.first).to_contain_text("Kept: Your piece lasts 0:03 to 2:00.", timeout=8000)
    expect(panel.get_by_role("region").get_by_role("status")).to_have_text(
        "Your piece keeps to all rules."
    )


def test_the_score_is_estimated_with_its_parts_and_what_would_raise_it(panel, site, page):
    estimate = panel.get_by_role("region", name="What it would score")
    estimate.get_by_role("button", name="Estimate the score").click()
    expect(estimate.get_by_role("progressbar", name="Estimating the score")).to_be_visible()

    site.score(64.0)

    expect(estimate).to_contain_text("64.0", timeout=8000)
    expect(estimate).to_contain_text("Two bars repeat each other.")
    expect(estimate).to_contain_text("Let the melody climb a little higher.")
    page.evaluate("desk.add(72)")
    expect(estimate).to_contain_text("The music has changed since this estimate.")
    assert not site.submissions


def test_an_estimate_that_is_refused_says_why(panel, site):
    site.refuse("POST", "/estimates/", Refused(409, "busy", "Earlier estimates are under way."))

    panel.get_by_role("button", name="Estimate the score").click()

    expect(panel).to_contain_text("Earlier estimates are under way.")
    expect(panel.get_by_role("button", name="Estimate the score")).to_be_enabled()


@pytest.mark.parametrize(
    ("refusal", "sentences"),
    [
        (
            Refused(409, "quota_exhausted", "You have used all 5 submissions."),
            ["You have used all 5 submissions.", "the quota is given back"],
        ),
        (
            Refused(409, "duplicate", "You handed in this music before."),
            ["You handed in this music before.", "Change the music"],
        ),
        (
            Refused(409, "round_closed", "Canon closed at 12:00 UTC."),
            ["Canon closed at 12:00 UTC.", "Choose another round"],
        ),
        (
            Refused(401, "not_authenticated", "Sign in first."),
            ["Sign in first.", "Sign in again"],
        ),
    ],
    ids=lambda value: value.body["code"] if isinstance(value, Refused) else "",
)
def test_a_refusal_says_what_to_do(panel, site, refusal, sentences):
    site.refuse("POST", "/submissions/", refusal)

    hand_in(panel)

    for sentence in sentences:
        expect(panel.get_by_role("alert")).to_contain_text(sentence)
    expect(panel.get_by_role("checkbox")).to_be_checked()


def test_a_refused_field_is_marked(panel, site):
    wrong = {"title": ["Use letters that can be seen."]}
    site.refuse(
        "POST",
        "/submissions/",
        Refused(400, "invalid", "Some fields need another value.", fields=wrong),
    )

    hand_in(panel)

    expect(panel.get_by_label("Title")).to_be_focused()
    expect(panel.get_by_label("Title")).to_have_accessible_description(
        re.compile("Use letters that can be seen")
    )


def test_a_lost_answer_does_not_count_twice(panel, site, page):
    expect(panel.get_by_label("How it was made")).to_have_value("Made with gan-chorale, seed 7.")
    page.route(
        "**/submissions/", lambda route: (route.fetch(), route.abort())[1], times=1
    )  # the site hears it, the page does not hear back
    hand_in(panel)
    expect(panel.get_by_role("alert")).to_contain_text("The site cannot be reached just now.")

    panel.get_by_role("button", name="Hand in", exact=True).click()

    expect(panel.get_by_role("article")).to_be_visible()
    assert len(site.submissions) == 1


def test_guests_are_sent_to_sign_in_and_find_their_piece_and_words_again(visit, site, piece, page):
    panel = visit(f"?piece={piece.id}").locator("cp-hand-in")
    expect(panel).to_contain_text("Your piece is kept")
    expect(panel.get_by_role("button", name="Hand in", exact=True)).to_have_count(0)
    page.route("**/accounts/login/**", lambda route: route.fulfill(body="Sign in"))

    panel.get_by_role("button", name="Sign in to hand it in").click()

    page.wait_for_url("**/accounts/login/**")
    assert page.url.endswith(
        f"/accounts/login/?next=%2Fstudio%2F{piece.id}%2Fedit%2F%3Fpanel%3Dhand-in"
    )


def test_a_guests_unsaved_piece_is_on_the_site_before_they_leave(visit, site, page):
    panel = visit("").locator("cp-hand-in")
    page.route("**/accounts/login/**", lambda route: route.fulfill(body="Sign in"))

    panel.get_by_role("button", name="Sign in to hand it in").click()

    page.wait_for_url("**/accounts/login/**")
    [kept] = site.pieces
    assert kept in page.url


def test_what_was_typed_outlives_a_reload_but_for_the_confirmation(panel, site, piece, visit):
    panel.get_by_label("Title").fill("Dawn")
    panel.get_by_label("How it was made").fill("By ear.")
    panel.get_by_role("checkbox").check()

    panel = visit(f"?in&piece={piece.id}").locator("cp-hand-in")

    expect(panel.get_by_label("Title")).to_have_value("Dawn")
    expect(panel.get_by_label("How it was made")).to_have_value("By ear.")
    expect(panel.get_by_role("checkbox")).not_to_be_checked()


def test_the_round_that_closes_first_is_proposed_and_another_may_be_chosen(visit, site, piece):
    site.rounds.append(round_row("waltz", "A waltz", days=2))
    panel = visit(f"?in&piece={piece.id}").locator("cp-hand-in")
    expect(panel.get_by_label("Round", exact=True)).to_have_value("waltz")

    panel.get_by_label("Round", exact=True).select_option("Canon at the octave")
    expect(panel.get_by_role("link", name="About this round")).to_have_attribute(
        "href", "/rounds/canon/"
    )
    hand_in(panel)

    expect(panel.get_by_role("article")).to_be_visible()
    assert site.asked("POST", "rounds/canon/submissions/") == 1


def test_the_first_save_keeps_what_was_typed(visit, site, page):
    panel = visit("?in").locator("cp-hand-in")
    panel.get_by_label("Title").fill("Dawn")
    page.evaluate("desk.session.ensureSaved()")
    expect(page.locator("#piece")).to_have_text("First light, 4 notes")

    expect(panel.get_by_label("Title")).to_have_value("Dawn")
    page.evaluate("id => desk.session.open(id)", site.compose("Dusk").id)
    expect(panel.get_by_label("Title")).to_have_value("Dusk")


def test_without_an_open_round_the_panel_says_so(visit, site):
    site.rounds.clear()

    panel = visit("?in").locator("cp-hand-in")

    expect(panel).to_contain_text("No round takes pieces just now.")


def test_a_used_up_quota_is_said_before_anything_is_typed(visit, site, piece):
    site.quota_left = 0

    panel = visit(f"?in&piece={piece.id}").locator("cp-hand-in")

    expect(panel).to_contain_text("You have used all 5 submissions.")
    expect(panel.get_by_role("button", name="Hand in", exact=True)).to_be_disabled()


def test_what_is_left_of_the_quota_is_said_and_when_there_is_more(visit, site, piece):
    panel = visit(f"?in&piece={piece.id}").locator("cp-hand-in")
    expect(panel).to_contain_text("You can hand in 3 more pieces (2 of 5 used).")
    expect(panel).to_contain_text("That is for the whole round.")


def test_a_quota_that_is_given_back_meanwhile_is_asked_for(visit, site, piece, page):
    page.clock.install()
    soon = datetime.now(UTC) + timedelta(minutes=2)
    site.quota_left, site.quota_resets = 0, soon.isoformat()
    panel = visit(f"?in&piece={piece.id}").locator("cp-hand-in")
    expect(panel).to_contain_text(re.compile(r"5 new ones in [12] min \d\d s \(\d\d:\d\d"))
    expect(panel.get_by_role("button", name="Hand in", exact=True)).to_be_disabled()

    site.quota_left, site.quota_resets = 5, (soon + timedelta(days=1)).isoformat()
    page.clock.run_for(180_000)

    expect(panel).to_contain_text("You can hand in 5 more pieces (0 of 5 used).")
    expect(panel.get_by_role("button", name="Hand in", exact=True)).to_be_enabled()


def test_a_remix_keeps_to_the_licence_of_its_source(visit, site, piece):
    source = {"title": "Dusk", "author": "Ada", "licence": "cc-by-sa-4.0", "url": "/entries/1/"}
    piece.attributions.append(source)

    panel = visit(f"?in&piece={piece.id}").locator("cp-hand-in")

    expect(panel.get_by_label("What others may do with it").locator("option")).to_have_text(
        [re.compile("CC BY-SA 4.0")]
    )
