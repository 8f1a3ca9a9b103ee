"""A generation's input and result: heard, seen, taken in part, and taken back."""

import pytest
from playwright.sync_api import expect

from tests.browser.panels.fake_site import Refused


@pytest.fixture
def piece(site):
    """Eight quarter notes."""
    return site.compose("First light")


def compared(visit, site, piece, technique):
    """Open a piece and compare it with what a technique made of it."""
    run = site.generate(piece, technique, creative_risk=1.0)
    site.finish(run)
    page = visit(f"?piece={piece.id}")
    page.locator("cp-create").get_by_role("button", name="Compare").click()
    expect(page.locator("cp-compare").get_by_role("group", name="Listen to")).to_be_visible()
    return page, run


def last(page, name):
    """Return what the last event of a name told, with its music as pitches."""
    return page.evaluate(
        """name => {
            const detail = desk.told.filter(e => e.name === name).at(-1)?.detail;
            if (!detail) return detail ?? null;
            const pitches = notes => notes.map(note => note.pitch);
            const song = detail.song.tracks.map(track => pitches(track.notes));
            return { side: detail.side, song, added: pitches(detail.added ?? []),
                     removed: pitches(detail.removed ?? []) };
        }""",
        name,
    )


def pitches(page):
    return page.evaluate(
        "desk.session.document.committed.song.tracks.map(t => t.notes.map(n => n.pitch))"
    )


def test_a_and_b_are_chosen_by_mouse_and_by_keyboard(visit, site, piece, page):
    compared(visit, site, piece, "accompany")
    sides = page.get_by_role("group", name="Listen to")
    assert last(page, "cp-listen")["side"] == "result"
    assert last(page, "cp-overlay")["added"] == [43, 43, 43, 43]

    sides.get_by_label("A: your piece").check()
    assert last(page, "cp-listen") == {
        "side": "input",
        "song": [list(range(60, 68))],
        "added": [],
        "removed": [],
    }
    page.keyboard.press("ArrowRight")

    expect(sides.get_by_label("B: the result")).to_be_checked()
    assert len(last(page, "cp-listen")["song"]) == 2


def test_the_slider_replays_the_edits_in_the_models_order(visit, site, piece, page):
    compared(visit, site, piece, "edit")
    slider = page.locator("cp-edits").get_by_role("slider")

    slider.focus()
    slider.press("Home")
    assert last(page, "cp-overlay")["song"] == [list(range(60, 68))]
    slider.press("ArrowRight")
    assert last(page, "cp-overlay")["removed"] == [60]
    slider.press("ArrowRight")

    overlay = last(page, "cp-overlay")
    assert (overlay["added"], overlay["removed"]) == ([67], [60])
    assert last(page, "cp-listen")["song"] == [[67, *range(61, 68)]]


def test_a_replay_lets_each_edit_be_heard_and_seen_until_another_side_is_chosen(
    visit, site, piece, page
):
    compared(visit, site, piece, "edit")
    edits = page.locator("cp-edits")
    edits.get_by_label("Speed of the replay").select_option("32 edits a second")

    edits.get_by_role("button", name="Replay").click()

    expect(edits.locator("cp-replay [role=status]")).to_have_text("4 edits replayed.")
    told = page.evaluate("desk.told.map(({ name, detail }) => ({ name, detail }))")
    struck = [e["detail"] for e in told if e["name"] == "cp-strike"]
    assert [(one["pitch"], one["velocity"]) for one in struck][:2] == [(60, 40), (67, 80)]
    assert len(struck) == 4
    assert {one["part"]["program"] for one in struck} == {0}
    assert [e["detail"]["pitch"] for e in told if e["name"] == "cp-look"][:2] == [60, 67]
    assert [e["detail"]["isSame"] for e in told if e["name"] == "cp-listen"][-3:] == [True] * 3
    edits.get_by_label("Speed of the replay").select_option("1 edit a second")
    edits.get_by_role("button", name="Replay").click()
    page.get_by_label("A: your piece").check()
    expect(edits.get_by_role("button", name="Replay")).to_be_visible()


def test_some_edits_are_taken_as_one_command_that_undo_takes_back(visit, site, piece, page):
    _, run = compared(visit, site, piece, "edit")
    edits = page.locator("cp-edits")
    edits.get_by_role("checkbox").nth(2).uncheck()
    edits.get_by_role("button", name="Keep 3 of 4 edits").click()
    expect(page.locator("#piece")).to_contain_text("First light, worked on")

    assert page.evaluate("desk.session.document.undoName") == "Take 3 of 4 edits"
    assert pitches(page) == [[67, 62, 62, 63, 64, 65, 66, 67]]
    page.evaluate("desk.session.document.undo()")
    assert sorted(pitches(page)[0]) == sorted([67, 50, 62, 62, 63, 64, 65, 66, 67])
    assert page.evaluate("desk.session.piece.id") == run.result.id
    assert last(page, "cp-overlay") is None
    expect(page.locator("cp-compare")).to_contain_text("you compare the two here")


def test_the_whole_result_is_kept_without_a_command(visit, site, piece, page):
    _, run = compared(visit, site, piece, "accompany")

    page.locator("cp-compare").get_by_role("button", name="Keep the result").click()

    expect(page.locator("#piece")).to_contain_text("First light, worked on, 12 notes")
    assert page.evaluate("[desk.session.piece.id, desk.session.document.undoName]") == [
        run.result.id,
        None,
    ]


def test_to_discard_leaves_the_piece_as_it_is(visit, site, piece, page):
    compared(visit, site, piece, "edit")

    page.locator("cp-compare").get_by_role("button", name="Discard").click()

    assert pitches(page) == [list(range(60, 68))]
    assert page.evaluate("[desk.session.piece.id, desk.session.document.undoName]") == [
        piece.id,
        None,
    ]
    assert last(page, "cp-listen") is None
    assert last(page, "cp-overlay") is None


def test_the_input_is_the_piece_as_it_was_then(visit, site, piece, page):
    run = site.generate(piece, "accompany")
    site.finish(run)
    visit(f"?piece={piece.id}")
    page.evaluate("desk.add(72)")
    page.evaluate("desk.session.ensureSaved()")

    page.locator("cp-create").get_by_role("button", name="Compare").click()
    page.get_by_label("A: your piece").check()

    assert last(page, "cp-listen")["song"] == [list(range(60, 68))]


def test_a_state_that_is_not_kept_any_more_leaves_the_result_to_hear(visit, site, piece, page):
    site.finish(site.generate(piece, "edit"))
    site.refuse("GET", "/versions/1/midi/", Refused(404, "not_found", "There is nothing here."))
    visit(f"?piece={piece.id}")

    page.locator("cp-create").get_by_role("button", name="Compare").click()

    expect(page.locator("cp-compare")).to_contain_text("only the result can be shown")
    expect(page.locator("cp-compare").get_by_role("button", name="Keep the result")).to_be_visible()


def test_sides_that_cannot_be_fetched_are_asked_for_again(visit, site, piece, page):
    site.finish(site.generate(piece, "accompany"))
    away = Refused(503, "storage_unavailable", "The music cannot be read just now.")
    site.refuse("GET", "/versions/1/midi/", away)
    visit(f"?piece={piece.id}")
    page.locator("cp-create").get_by_role("button", name="Compare").click()
    compare = page.locator("cp-compare")
    expect(compare.get_by_role("alert")).to_contain_text("The music cannot be read just now.")

    site.forgive()
    compare.get_by_role("button", name="Try again").click()

    expect(compare.get_by_role("group", name="Listen to")).to_be_visible()
