"""The Music Studio on the real site: from the landing page to a scored entry."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from challenges.models import Submission
from ml.music import read_canonical, read_midi
from studio.files import bytes_at
from studio.models import Composition
from tests.axe import faults_here
from tests.browser.studio_page import begin, draw_a_note, saved
from tests.factories import PASSWORD
from tests.pages import score_everything
from tests.rounds import midi
from tests.studio import compose, generate_everything

pytestmark = pytest.mark.usefixtures("weights")

FILE = {"name": "tune.mid", "mimeType": "audio/midi", "buffer": midi(5, seconds=20)}


def test_a_guest_makes_an_entry_and_signs_in_to_hand_it_in(
    live_server, page, round_, participant, complaints
):
    page.goto(live_server.url)
    page.get_by_role("link", name="Make your entry").first.click()
    page.get_by_role("button", name="Ode to Joy Ludwig").click()
    saved(page)
    create = page.locator("cp-create")
    create.get_by_role("tab", name=re.compile("Keep going")).click()
    create.get_by_label("Extension duration").last.fill("2")
    create.get_by_role("button", name="Keep going", exact=True).click()
    card = create.get_by_role("article").first
    expect(card).to_contain_text("queue", timeout=10_000)
    expect(card.get_by_role("heading")).to_be_in_viewport()
    generate_everything()
    create.get_by_role("button", name="Compare").click(timeout=15_000)
    page.get_by_role("button", name="Keep the result").click()
    saved(page)

    page.get_by_role("button", name="Hand in", exact=True).click()
    page.get_by_role("button", name="Sign in to hand it in").click()
    page.get_by_label("Email").fill(participant.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/studio/*/edit/**")

    piece = Composition.objects.get(origin="generation")
    assert piece.owner == participant
    assert str(piece.pk) in page.url
    panel = page.locator("cp-hand-in")
    panel.get_by_role("checkbox").last.check()
    panel.get_by_role("button", name=re.compile("^Hand in")).click()
    expect(panel).to_contain_text(re.compile("handed in|queue", re.I), timeout=10_000)
    score_everything()
    expect(panel.get_by_role("link", name=re.compile("entry|submission", re.I))).to_be_visible(
        timeout=15_000
    )
    assert [step["technique"] for step in Submission.objects.get().lineage] == ["extend"]
    assert not complaints


def test_what_is_drawn_survives_a_page_that_is_closed_at_once(live_server, context, complaints):
    page = context.new_page()
    begin(page, live_server.url)
    address = page.url
    before = Composition.objects.get().n_notes

    draw_a_note(page)
    expect(page.locator(".studio-bar__state")).not_to_have_text("Saved")
    page.wait_for_timeout(400)  # the browser's own database is written a moment after the edit
    page.close()
    again = context.new_page()
    again.goto(address)
    saved(again)

    assert Composition.objects.get().n_notes == before + 1


def test_without_a_network_work_goes_on_and_is_saved_later(live_server, page, context):
    begin(page, live_server.url)
    before = Composition.objects.get().n_notes

    context.set_offline(True)
    draw_a_note(page)
    expect(page.locator(".studio-bar__state")).to_have_text(
        "Offline: kept on this device", timeout=10_000
    )
    assert Composition.objects.get().n_notes == before
    context.set_offline(False)
    saved(page)

    assert Composition.objects.get().n_notes == before + 1


def test_two_tabs_do_not_overwrite_each_other(live_server, context):
    first, second = context.new_page(), context.new_page()
    begin(first, live_server.url)
    second.goto(first.url)
    saved(second)

    context.set_offline(True)
    draw_a_note(second)
    draw_a_note(first)
    draw_a_note(first)
    context.set_offline(False)
    conflict = re.compile("another tab")
    for _ in range(100):
        losers = [tab for tab in (first, second) if tab.get_by_text(conflict).count()]
        if losers:
            break
        first.wait_for_timeout(200)
    [loser] = losers
    loser.get_by_role("button", name="Keep both").click()
    saved(loser)

    assert Composition.objects.count() == 2


def test_a_file_comes_back_as_it_was(live_server, page, complaints):
    page.goto(f"{live_server.url}{reverse('studio-new')}")
    page.set_input_files("cp-start input[type=file]", FILE)
    saved(page)
    expect(page.get_by_label("Title")).to_have_value("tune")
    page.locator("cp-bar summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download MIDI").click()

    expected = read_midi(FILE["buffer"]).to_midi()
    assert download.value.path().read_bytes() == expected
    assert bytes_at(Composition.objects.get().midi_key) == expected
    assert not complaints


def test_a_file_that_is_none_is_refused_in_a_sentence(live_server, page):
    page.goto(f"{live_server.url}{reverse('studio-new')}")
    page.set_input_files(
        "cp-start input[type=file]",
        {"name": "a.mid", "mimeType": "audio/midi", "buffer": b"GIF89a"},
    )

    expect(page.get_by_role("alert")).to_contain_text("not a MIDI file")
    expect(page.get_by_role("button", name="Start empty")).to_be_visible()
    assert not Composition.objects.exists()


def test_undo_names_what_it_takes_back_and_the_list_shows_the_notes(live_server, page):
    begin(page, live_server.url)
    draw_a_note(page)
    page.get_by_role("button", name=re.compile("^Undo: ")).click()
    saved(page)
    page.get_by_role("tab", name="List of notes").click()

    rows = page.locator("cp-notes").get_by_role("row")
    expect(rows).not_to_have_count(0)
    song = read_canonical(bytes_at(Composition.objects.get().midi_key))
    assert song.n_notes == Composition.objects.get().n_notes


@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)]
)
def test_the_studio_is_accessible_and_fits(
    live_server, page, participant, sign_in, complaints, theme, width
):
    sign_in(participant)
    piece = compose(participant)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}{reverse('studio-new')}")
    expect(page.get_by_role("button", name="Start empty")).to_be_visible()
    assert faults_here(page, "beginnings") == []

    page.goto(f"{live_server.url}{reverse('studio-edit', kwargs={'pk': piece.pk})}")
    saved(page)
    places = ["Tracks", "Notes", "Keys", "Create"] if width == 360 else []
    for place in [*places, "Compare", "Versions", "Hand in"]:
        page.get_by_role("tab", name=place, exact=True).first.click()
        page.wait_for_load_state("networkidle")
        assert faults_here(page, place) == []
    assert not complaints


def test_others_cannot_open_a_guest_s_piece(live_server, page, browser):
    begin(page, live_server.url)
    address = page.url

    stranger = browser.new_context()
    answer = stranger.new_page().goto(address)

    assert answer is not None
    assert answer.status == 404
    stranger.close()
