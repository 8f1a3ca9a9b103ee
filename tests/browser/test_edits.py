"""The list of edits beside the piano roll: replayed, chosen from, and long."""

import time

from playwright.sync_api import Page, expect

IS_IN_ITS_BOX = """(row) => {
  const box = row.closest('.scroll').getBoundingClientRect();
  const { top, bottom } = row.getBoundingClientRect();
  return top >= box.top && bottom <= box.bottom + 1;
}"""


def _steps(roll):
    return [told["step"] for told in roll.events("cp-step")]


def test_the_slider_shows_as_many_edits_as_it_says(roll):
    slider = roll.page.get_by_role("slider", name="Step")
    slider.focus()
    slider.press("ArrowLeft")

    assert _steps(roll) == [2]
    assert slider.get_attribute("aria-valuetext") == "2 of 3: Added E4 at bar 1 beat 2, quarter"


def test_the_edits_are_replayed_by_keyboard_and_each_is_heard(roll):
    edits = roll.page.locator("cp-edits")
    edits.get_by_label("Speed of the replay").select_option("8 edits a second")

    edits.get_by_role("button", name="Replay").focus()
    roll.page.keyboard.press("Space")
    expect(edits.get_by_role("button", name="Pause")).to_be_focused()

    roll.until(lambda: _steps(roll), [1, 2, 3])
    kinds = [told["event"]["kind"] for told in roll.events("cp-hear")]
    assert kinds == ["remove", "add", "move"]
    expect(edits.get_by_role("button", name="Replay")).to_be_focused()
    expect(edits.locator("cp-replay [role=status]")).to_have_text("3 edits replayed.")


def test_a_replay_pauses_and_goes_on_step_by_step_and_silent(roll):
    edits = roll.page.locator("cp-edits")
    edits.get_by_label("Speed of the replay").select_option("1 edit a second")
    edits.get_by_label("Hear each edit").uncheck()
    edits.get_by_role("button", name="Replay").click()
    edits.get_by_role("button", name="Pause").click()
    assert _steps(roll) == [1]

    edits.get_by_role("button", name="One edit on").click()

    assert _steps(roll) == [1, 2]
    said = "2 of 3: Added E4 at bar 1 beat 2, quarter"
    expect(edits.locator("cp-replay [role=status]")).to_have_text(said)
    back = edits.get_by_role("button", name="One edit back")
    back.click()
    back.click()
    back.press("Enter")
    assert _steps(roll) == [1, 2, 1, 0]
    assert roll.events("cp-hear") == []


def test_with_reduced_motion_the_picture_rests_while_all_is_heard(roll):
    roll.page.emulate_media(reduced_motion="reduce")
    roll.page.evaluate("manyEdits(20)")
    edits = roll.page.locator("cp-edits")
    edits.get_by_label("Speed of the replay").select_option("32 edits a second")

    edits.get_by_role("button", name="Replay").click()

    roll.until(lambda: len(roll.events("cp-hear")), 20)
    assert _steps(roll) == [1, 20]


def test_two_thousand_edits_are_written_in_part_and_answer_at_once(roll):
    roll.page.evaluate("manyEdits(2000)")
    edits = roll.page.locator("cp-edits")
    rows = edits.locator("tbody tr[data-row]")
    expect(edits.locator("table")).to_have_attribute("aria-rowcount", "2001")
    assert rows.count() < 80

    began = time.monotonic()
    edits.get_by_role("slider", name="Step").press("Home")
    for _ in range(5):
        edits.get_by_role("button", name="One edit on").click()
    edits.get_by_role("spinbutton").fill("1000")
    edits.get_by_role("button", name="Only the surest").click()
    edits.get_by_role("slider", name="Step").press("End")
    expect(rows.last).to_have_attribute("aria-rowindex", "2001")
    took = time.monotonic() - began

    roll.until(lambda: rows.last.evaluate(IS_IN_ITS_BOX), True)
    assert rows.count() < 80
    assert len(roll.events("cp-choose")[-1]["accepted"]) >= 1000
    assert took < 4


def _ms_of_a_step(page: Page) -> float:
    """Return how long the element takes for one step in the middle of its list."""
    ms: float = page.evaluate(
        """async () => {
          const began = performance.now();
          for (let step = 1000; step < 1020; step++) {
            edits.step = step;
            await edits.updateComplete;
          }
          return (performance.now() - began) / 20;
        }"""
    )
    return ms


def test_a_step_in_a_long_list_takes_less_than_a_frame(roll):
    roll.page.evaluate("manyEdits(2000)")
    roll.page.locator("cp-edits").get_by_role("slider").press("Home")

    assert _ms_of_a_step(roll.page) < 16


def test_edits_that_stand_on_each_other_go_together(roll):
    edits = roll.page.locator("cp-edits")
    edits.get_by_role("checkbox").nth(1).uncheck()

    expect(edits.get_by_role("checkbox").nth(2)).not_to_be_checked()
    expect(edits.locator("p[role=status]")).to_have_text(
        "1 other edit went along: one needs the other."
    )
    edits.get_by_role("button", name="Keep 1 of 3 edits").click()
    assert roll.events("cp-accept")[0]["accepted"] == [0]


def test_only_the_surest_edits_are_kept(roll):
    edits = roll.page.locator("cp-edits")
    edits.get_by_role("spinbutton").fill("1")
    edits.get_by_role("button", name="Only the surest").click()

    assert roll.events("cp-choose")[0]["accepted"] == [1]
