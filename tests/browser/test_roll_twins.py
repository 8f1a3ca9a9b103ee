"""The tables, tracks and tools beside the piano roll: everything without a canvas or a drag."""

import pytest
from playwright.sync_api import Browser, expect

from tests.axe import faults_here
from tests.browser.roll_page import RollPage


def _row(roll, index):
    return roll.page.locator("cp-notes tbody tr[data-note]").nth(index)


def test_a_cell_changes_the_note_and_the_document_changes_the_cell(roll):
    pitch = _row(roll, 0).locator("input.pitch")
    pitch.fill("f#4")
    pitch.press("Tab")

    assert roll.notes()[0] == (0, 66, 480, 60)
    expect(pitch).to_have_value("F♯4")
    assert roll.undo_name() == "Change the pitch of a note"
    roll.page.evaluate("studio.undo()")
    expect(pitch).to_have_value("C4")


def test_a_cell_that_cannot_be_read_says_why_and_keeps_what_was_written(roll):
    velocity = _row(roll, 0).locator("input.velocity")
    velocity.fill("200")
    velocity.press("Tab")

    expect(roll.page.get_by_role("alert")).to_have_text(
        "Write the velocity as a whole number from 1 to 127."
    )
    expect(velocity).to_have_attribute("aria-invalid", "true")
    expect(velocity).to_have_value("200")
    velocity.press("Escape")
    expect(velocity).to_have_value("60")
    assert roll.undo_name() is None


def test_a_note_is_added_by_numbers(roll):
    form = roll.page.get_by_role("form", name="Add a note")
    for label, text in (("Bar", "5"), ("Beat", "2.5"), ("Pitch", "G4"), ("Length", "1/8")):
        form.get_by_label(label, exact=label == "Beat").fill(text)

    form.get_by_role("button").click()

    assert roll.notes()[-1] == (7680 + 720, 67, 240, 90)
    status = roll.page.locator("cp-add-note [role=status]")
    expect(status).to_have_text("Added: Bar 5 beat 2.5, G4, eighth.")
    form.get_by_label("Beat", exact=True).fill("9")
    form.get_by_role("button").click()
    expect(form.get_by_label("Beat", exact=True)).to_be_focused()
    expect(status).to_have_text("The note was not added.")


def test_deleting_a_row_hands_the_focus_to_the_next(roll):
    first = _row(roll, 0).get_attribute("data-note")
    second = _row(roll, 1).get_attribute("data-note")

    _row(roll, 0).locator(".delete").click()

    expect(roll.page.locator(f'[data-note="{second}"] .delete')).to_be_focused()
    expect(roll.page.locator(f'[data-note="{first}"]')).to_have_count(0)


def test_a_locked_note_can_be_read_but_not_edited(roll):
    row = _row(roll, 0)
    row.get_by_role("button", name="Lock").click()

    expect(row.locator("input.pitch")).not_to_be_editable()
    expect(row.locator(".delete")).to_be_disabled()
    row.get_by_role("button", name="Lock").click()
    expect(row.locator("input.pitch")).to_be_editable()


def test_the_selection_is_one_for_table_and_roll(roll):
    roll.page.locator("cp-notes select").select_option(label="Melody")
    _row(roll, 2).get_by_role("checkbox").check()

    assert roll.selected() == [67]
    roll.page.locator("cp-roll .surface").focus()
    roll.page.keyboard.press("n")
    expect(_row(roll, 1).get_by_role("checkbox")).to_be_checked()
    expect(_row(roll, 2).get_by_role("checkbox")).not_to_be_checked()


def test_a_long_table_is_written_in_part_and_counted_in_full(roll):
    roll.page.evaluate("fill(2000)")
    table = roll.page.locator("cp-notes table")
    rows = roll.page.locator("cp-notes tbody tr[data-note]")
    expect(table).to_have_attribute("aria-rowcount", "2001")
    assert rows.count() < 80

    box = roll.page.locator("cp-notes .scroll")
    box.scroll_into_view_if_needed()
    box.evaluate("(box) => { box.scrollTop = box.scrollHeight; }")

    expect(rows.last).to_have_attribute("aria-rowindex", "2001")
    expect(rows.last).to_be_in_viewport()
    assert rows.count() < 80


def test_tracks_are_named_heard_ordered_and_removed_by_commands(roll):
    tracks = roll.page.locator("cp-tracks")
    tracks.get_by_role("button", name="Mute Bass").click()
    tracks.get_by_role("button", name="Work on Bass").click()
    tracks.get_by_label("Instrument of Bass").select_option("0")
    tracks.get_by_role("button", name="Move Bass up").click()
    names = roll.page.evaluate("studio.committed.song.tracks.map((t) => [t.name, t.program])")
    assert names == [["Bass", 0], ["Melody", 0]]

    tracks.get_by_role("button", name="Remove Bass").click()

    expect(tracks.get_by_role("button", name="Work on Melody")).to_be_focused()
    assert roll.page.evaluate("studio.committed.muted.size") == 0
    assert roll.undo_name() == "Remove Bass"
    tracks.get_by_role("button", name="Add a track").click()
    assert roll.page.evaluate("studio.committed.song.tracks.length") == 2


def test_a_level_is_one_command_however_far_it_slides(roll):
    volume = roll.page.get_by_role("slider", name="Volume of Melody")
    box = volume.bounding_box()

    roll.drag_points((box["x"] + 60, box["y"] + 9), (box["x"] + 20, box["y"] + 9))

    assert roll.undo_name() == "Change volume of Melody"
    roll.page.evaluate("studio.undo()")
    assert roll.undo_name() is None
    expect(volume).to_have_value("100")


def test_the_toolbar_moves_and_loops_by_numbers(roll):
    tools = roll.page.locator("cp-roll-tools")
    tools.get_by_role("button", name="Select track").click()
    tools.get_by_role("button", name="By numbers").click()
    tools.get_by_label("Semitones up").fill("-12")
    tools.get_by_role("button", name="Transpose").click()
    assert roll.notes()[0] == (0, 48, 480, 60)

    assert roll.undo_name() == "Transpose 14 notes"

    tools.get_by_label("to bar").fill("2")
    tools.get_by_role("button", name="Set loop").click()
    assert roll.events("cp-loop") == [{"from": 0, "until": 3840}]


def test_the_toolbar_zooms_and_chooses_tool_and_grid(roll):
    tools = roll.page.locator("cp-roll-tools")
    tools.get_by_role("button", name="Zoom in on time").click()
    tools.get_by_role("button", name="Select", exact=True).click()
    tools.get_by_label("Grid").select_option("1/8 triplet")

    state = roll.page.evaluate("[roll.view.beatWidth, desk.state.tool, desk.state.snap]")
    assert state == [pytest.approx(67.2), "select", 160]
    tools.get_by_role("button", name="Quantize").click()
    assert roll.events("cp-quantize") == [{"ids": []}]


def _with_drums(roll):
    """Put a kick and a snare on a track of drums in place of the music, and work on it."""
    roll.page.evaluate(
        """() => {
          const about = { start: 0, duration: 480, velocity: 90 };
          const notes = [{ ...about, pitch: 36 }, { ...about, start: 480, pitch: 38 }];
          drums(notes);
        }"""
    )


def test_drums_are_called_by_their_names_in_the_table_and_by_the_keyboard(roll):
    _with_drums(roll)
    pitch = _row(roll, 1).locator("input.pitch")
    expect(pitch).to_have_value("Snare")

    pitch.fill("closed hi-hat")
    pitch.press("Tab")

    expect(pitch).to_have_value("Closed Hi-Hat")
    assert roll.notes() == [(0, 36, 480, 90), (480, 42, 480, 90)]
    pitch.fill("gong")
    pitch.press("Tab")
    expect(roll.page.get_by_role("alert")).to_contain_text("Write the drum by its name")
    pitch.press("Escape")
    roll.page.locator("cp-roll .surface").focus()
    roll.page.keyboard.press("n")
    roll.until(roll.spoken, "Bar 1 beat 2, Closed Hi-Hat, quarter, selected.")


def test_the_keys_of_drums_are_wide_enough_for_their_names(roll):
    width = "roll.layout.keys"
    before = roll.page.evaluate(width)

    _with_drums(roll)

    roll.until(lambda: roll.page.evaluate(width) >= 2 * before, True)
    roll.page.evaluate("studio.undo()")
    roll.until(lambda: roll.page.evaluate(width), before)


def test_notes_are_split_and_joined_by_keys_and_by_buttons(roll):
    tools = roll.page.locator("cp-roll-tools")
    tools.get_by_role("button", name="Select track").click()
    tools.get_by_role("button", name="By numbers").click()
    tools.get_by_label("beat", exact=True).fill("1.5")
    tools.get_by_role("button", name="Split").click()
    assert roll.notes()[:2] == [(0, 60, 240, 60), (240, 60, 240, 60)]

    roll.page.evaluate(
        """desk.set({ selection: new Set(
             studio.committed.song.tracks[0].notes.slice(0, 2).map((n) => n.id)) })"""
    )
    roll.page.locator("cp-roll .surface").focus()
    roll.page.keyboard.press("j")

    assert roll.undo_name() == "Join 2 notes"
    assert roll.notes()[0] == (0, 60, 480, 60)
    roll.page.keyboard.press("Control+z")
    tools.get_by_role("button", name="Join").click()
    assert roll.notes()[0] == (0, 60, 480, 60)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_elements_are_accessible_and_fit(
    browser: Browser, elements: str, theme: str, width: int
):
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=theme,
        has_touch=width == 360,
        is_mobile=width == 360,
    )
    page = context.new_page()
    page.goto(elements)
    RollPage(page).until(lambda: page.evaluate("roll.view.width > 100"), True)
    for summary in page.locator("summary").all():
        summary.click()
    page.get_by_role("button", name="By numbers").click()

    assert faults_here(page, "roll") == []
    if width == 360:
        assert _small(page) == []
    context.close()


def _small(page):
    """Return the buttons and fields that a finger would miss: below 44 pixels in height."""
    return page.evaluate(
        """() => {
          const inside = (root) => [...root.querySelectorAll('*')].flatMap((element) =>
            [element, ...(element.shadowRoot ? inside(element.shadowRoot) : [])]);
          return inside(document)
            .filter((e) => e.matches('button, select, input:not([type=checkbox])'))
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
            .map((e) => e.outerHTML.slice(0, 80));
        }"""
    )
