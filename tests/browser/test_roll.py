"""The piano roll in a real browser: pointer, keys, fingers, colors."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.roll_page import RollPage

BLUE, DARK_BLUE = (31, 78, 158), (141, 180, 255)


def test_a_click_draws_a_note_on_the_grid_as_one_command(roll):
    roll.click(3840 + 2000, 74)

    assert (3840 + 1920, 74, 480, 90) in roll.notes()
    assert roll.undo_name() == "Draw D5"
    assert [(e["pitch"], e["on"]) for e in roll.events("cp-audition")] == [(74, True), (74, False)]


def test_a_drag_sets_the_length_of_a_new_note(roll):
    roll.drag((5770, 74), (5770 + 840, 74))

    assert (5760, 74, 960, 90) in roll.notes()


def test_notes_move_with_the_pointer_and_once_for_undo(roll):
    roll.drag((200, 60), (200 + 970, 64))

    assert (960, 64, 480, 60) in roll.notes()
    assert roll.undo_name() == "Move 1 note"
    roll.page.evaluate("studio.undo()")
    assert roll.undo_name() is None


def test_escape_ends_a_drag_without_a_change(roll):
    before = roll.notes()
    roll.drag((200, 60), (1200, 66), drop=False)
    assert roll.page.evaluate("studio.project !== studio.committed")

    roll.page.locator("cp-roll .surface").focus()
    roll.page.keyboard.press("Escape")
    roll.page.mouse.up()

    assert roll.notes() == before
    assert roll.page.evaluate("studio.project === studio.committed")


def test_the_right_edge_changes_the_length(roll):
    start, end = roll.at(6720 + 945, 60), roll.at(6720 + 945 + 480, 60)

    roll.drag_points(start, end)

    assert (6720, 60, 1440, 109) in roll.notes()
    assert roll.undo_name() == "Lengthen 1 note"


def test_a_box_and_shift_choose_notes(roll):
    roll.set_desk(tool="select")

    roll.drag((900, 70.5), (2700, 66))
    assert roll.selected() == [67, 67, 69, 69]
    roll.page.keyboard.down("Shift")
    roll.click(1200, 67)
    roll.page.keyboard.up("Shift")

    assert roll.selected() == [67, 69, 69]
    roll.until(roll.spoken, "4 selected.")


def test_a_click_on_another_track_works_on_it(roll):
    roll.set_desk(tool="select")

    roll.click(2400, 53)

    assert roll.selected() == [53]
    assert roll.page.evaluate("desk.activeIn(studio.committed.song).name") == "Bass"


def test_the_right_button_and_the_eraser_delete(roll):
    roll.page.mouse.click(*roll.at(200, 60), button="right")
    assert roll.undo_name() == "Delete 1 note"

    roll.set_desk(tool="erase")
    roll.drag((1000, 67), (1900, 67))

    assert roll.undo_name() == "Delete 2 notes"
    assert len(roll.notes()) == 11


def test_the_lane_changes_velocities(roll):
    x, _ = roll.at(480, 60)
    _, top = roll.part(0, -66)

    roll.drag_points((x + 2, top + 40), (x + 2, top))

    [changed] = [note for note in roll.notes() if note[0] == 480]
    assert changed[3] > 110
    assert roll.undo_name() == "Change the velocity of 1 note"


def test_the_ruler_seeks_and_loops(roll):
    x, y = roll.at(1920, 60)[0], roll.part(0, 12)[1]
    roll.page.mouse.click(x, y)
    roll.drag_points((roll.at(1930, 60)[0], y), (roll.at(3830, 60)[0], y))

    assert roll.events("cp-seek") == [{"tick": 1920}]
    assert roll.events("cp-loop") == [{"from": 1920, "until": 3840}]


def test_the_keys_at_the_left_sound(roll):
    (x, _), (_, low), (_, high) = roll.part(20, 0), roll.at(0, 60), roll.at(0, 62)

    roll.drag_points((x, low), (x, high))

    heard = [(event["pitch"], event["on"]) for event in roll.events("cp-audition")]
    assert heard[0] == (60, True)
    assert heard[-2:] == [(62, True), (62, False)]
    assert heard.count((60, False)) == 1


def test_the_wheel_scrolls_and_zooms_where_the_pointer_is(roll):
    page = roll.page
    page.mouse.move(*roll.at(1920, 62))
    page.mouse.wheel(0, -60)
    roll.until(lambda: page.evaluate("roll.view.top < 800"), True)
    x, _ = roll.at(1920, 62)

    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")

    roll.until(lambda: page.evaluate("roll.view.beatWidth"), 96)
    assert roll.at(1920, 62)[0] == pytest.approx(x, abs=1.5)


def test_locked_notes_stay_where_they_are(roll):
    roll.page.evaluate(
        """studio.run('Lock', (p) => {
          return { ...p, lockedNotes: new Set([p.song.tracks[0].notes[0].id]) };
        })"""
    )
    before = roll.notes()

    roll.drag((200, 60), (1400, 70))

    assert roll.notes() == before
    roll.until(roll.spoken, "That is locked. Unlock it to change it.")


def test_the_keyboard_walks_speaks_and_sounds(roll):
    surface = roll.page.locator("cp-roll .surface")
    surface.focus()
    roll.until(roll.spoken, "Bar 1 beat 1, C4, quarter.")
    for key in ("Shift+ArrowRight", "ArrowRight", "ArrowRight", "Shift+ArrowUp", "ArrowUp"):
        surface.press(key)

    roll.until(roll.spoken, "Bar 2 beat 1.5, C sharp 5, empty.")
    roll.until(lambda: roll.events("cp-audition")[-1]["on"], False)
    surface.press("Enter")
    roll.until(roll.spoken, "Added. Bar 2 beat 1.5, C sharp 5, quarter.")
    assert (2160, 73, 480, 90) in roll.notes()


def test_every_drag_has_its_keys(roll):
    surface = roll.page.locator("cp-roll .surface")
    surface.focus()
    for key in ("Alt+ArrowUp", "Alt+ArrowRight", "]", ".", "o"):
        surface.press(key)

    assert (120, 61, 600, 68) in roll.notes()
    assert roll.events("cp-loop")[-1]["from"] == 0
    surface.press("b")
    for key in ("Shift+ArrowRight", "Shift+ArrowUp", "b"):
        surface.press(key)
    assert roll.selected() == [61, 67, 67, 69]


def test_copies_pastes_undoes_and_leaves_by_keys(roll):
    surface = roll.page.locator("cp-roll .surface")
    surface.focus()
    for key in ("Control+a", "Control+c", "End", "Control+v"):
        surface.press(key)
    assert len(roll.notes()) == 28
    assert roll.undo_name() == "Paste 14 notes"

    surface.press("Control+z")
    assert len(roll.notes()) == 14
    surface.press("Escape")

    expect(roll.page.locator("cp-roll summary")).to_be_focused()


def test_letters_act_only_while_the_roll_has_the_focus(roll):
    before = roll.page.evaluate("studio.committed === (window.kept = studio.committed)")

    roll.page.locator("cp-tracks input").first.focus()
    roll.page.keyboard.press("End")
    roll.page.keyboard.type("nplxb[].,")
    roll.page.locator("cp-roll-tools button").first.focus()
    roll.page.keyboard.type("nplxb[].,")

    assert before
    assert roll.selected() == []
    names = roll.page.evaluate("[studio.undoName, studio.committed.lockedNotes.size]")
    assert names == ["Rename a track", 0]


def test_colors_follow_the_theme(roll):
    roll.page.evaluate(
        """roll.overlay = {
          added: [{ start: 0, duration: 960, pitch: 72 }],
          removed: [{ start: 960, duration: 960, pitch: 72 }],
        }"""
    )
    assert roll.pixel(700, 72) == BLUE
    colors = {roll.pixel(tick, 72) for tick in range(1200, 1800, 12)}
    assert len(colors) > 1  # a hatch, not one flat color

    roll.page.emulate_media(color_scheme="dark")
    roll.until(lambda: roll.pixel(700, 72), DARK_BLUE)
    roll.page.evaluate("document.documentElement.dataset.theme = 'light'")
    roll.until(lambda: roll.pixel(700, 72), BLUE)


@pytest.mark.parametrize(("motion", "steps"), [("no-preference", 40), ("reduce", 1)])
def test_the_roll_glides_with_the_music_or_turns_pages(roll, motion, steps):
    roll.page.emulate_media(reduced_motion=motion)

    places = roll.page.evaluate(
        """() => {
          roll.following = true;
          const seen = new Set();
          for (let tick = 0; tick < 9000; tick += 60) {
            roll.playhead = tick;
            seen.add(roll.view.left);
          }
          return seen.size;
        }"""
    )

    assert places > steps if motion == "no-preference" else places == steps + 1


def test_fingers_tap_scroll_and_pinch(browser: Browser, elements: str):
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(elements)
    roll = RollPage(page)
    roll.until(lambda: page.evaluate("roll.view.width > 100"), True)
    page.locator("cp-roll").scroll_into_view_if_needed()

    page.touchscreen.tap(*roll.at(1000, 72))
    assert (960, 72, 480, 90) in roll.notes()

    roll.set_desk(tool="select")
    touch = context.new_cdp_session(page)
    x, y = roll.at(1000, 62)
    _swipe(touch, [(x, y)], [(x - 90, y)])
    roll.until(lambda: page.evaluate("roll.view.left > 600"), True)
    _swipe(touch, [(x - 40, y), (x + 40, y)], [(x - 80, y), (x + 80, y)])
    roll.until(lambda: page.evaluate("roll.view.beatWidth > 90"), True)

    assert roll.notes().count((960, 72, 480, 90)) == 1
    context.close()


def _swipe(touch, start, end, steps=6):
    def points(share):
        return [
            {"x": a[0] + (b[0] - a[0]) * share, "y": a[1] + (b[1] - a[1]) * share, "id": index}
            for index, (a, b) in enumerate(zip(start, end, strict=True))
        ]

    for count in range(1, len(start) + 1):
        touch.send(
            "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points(0)[:count]}
        )
    for step in range(1, steps + 1):
        touch.send(
            "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points(step / steps)}
        )
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
