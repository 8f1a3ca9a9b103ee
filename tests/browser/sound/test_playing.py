"""What is played on the screen, on the computer's keys and on a MIDI keyboard is heard at once."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.axe import faults_here

FAKE_MIDI = (Path(__file__).parent / "fake_midi.js").read_text()

pitches = "window.sound.heard.filter(e => e.type === 'on').map(e => e.pitch)"
held = "[...window.sound.keys.input.held]"


def white(page, number):
    return page.locator("cp-keys .white").nth(number)


def test_the_first_press_is_heard_even_if_it_was_shorter_than_the_loading(studio):
    box = white(studio, 0).bounding_box()
    studio.mouse.move(box["x"] + 10, box["y"] + box["height"] - 10)
    assert studio.evaluate("window.sound.engine.state") == "off"

    studio.mouse.down()
    studio.mouse.up()

    assert studio.evaluate("window.sound.untilSound()") < 15_000
    assert studio.evaluate(pitches) == [60]
    assert studio.evaluate(held) == []


WITHOUT_GESTURE = """
    const timer = setInterval(() => {
        if (!window.sound) return;
        clearInterval(timer);
        window.sound.engine.ensure();
        setTimeout(() => { window.blockedAtLoad = window.sound.engine.isBlocked; }, 300);
    }, 10);
"""


def test_sound_that_the_browser_holds_back_starts_with_the_next_gesture(
    page, address, complaints, eventually
):
    # From an init script: what Playwright evaluates counts as a gesture.
    page.add_init_script(WITHOUT_GESTURE)
    page.goto(address)
    page.wait_for_timeout(600)
    assert page.evaluate("window.blockedAtLoad") is True

    page.keyboard.press("Tab")

    eventually(page, "!window.sound.engine.isBlocked")
    eventually(page, "window.sound.engine.state === 'ready'")
    assert complaints == []


def test_a_clock_that_stands_still_is_replaced_and_sounds_again(studio, eventually):
    white(studio, 0).click()
    eventually(studio, "window.sound.engine.state === 'ready'")
    studio.evaluate("""() => {
        window.old = window.sound.engine.context;
        const frozen = window.old.currentTime;
        Object.defineProperty(window.old, "currentTime", { get: () => frozen });
    }""")
    studio.keyboard.press("Tab")
    studio.wait_for_timeout(1200)

    white(studio, 2).click()

    assert studio.evaluate("window.sound.engine.context !== window.old")
    assert studio.evaluate("window.sound.untilSound()") < 15_000


def test_the_computers_keys_play_only_while_they_are_captured(studio):
    keys = studio.keyboard
    keys.press("a")
    assert studio.evaluate(pitches) == []

    studio.get_by_role("button", name="Play on the computer").click()
    keys.down("a")
    keys.down("d")
    keys.down("a")  # what a held key repeats
    assert studio.evaluate(held) == [60, 64]
    keys.up("a")
    keys.up("d")
    keys.press("x")
    keys.press("v")
    keys.press(";")

    assert studio.evaluate(pitches) == [60, 64, 88]
    assert studio.evaluate("window.sound.keys.settings.velocity") == 112
    studio.get_by_label("Title").focus()
    keys.type("sad")
    assert studio.evaluate(pitches) == [60, 64, 88]
    assert studio.get_by_label("Title").input_value() == "sad"
    studio.get_by_label("Title").blur()
    keys.press("Escape")
    keys.press("a")
    assert studio.evaluate(pitches) == [60, 64, 88]


def test_keys_are_let_go_when_the_window_loses_the_focus(studio):
    studio.get_by_role("button", name="Play on the computer").click()
    studio.keyboard.down("Shift")
    studio.keyboard.down("a")
    assert studio.evaluate(held) == [60]

    studio.evaluate("window.dispatchEvent(new Event('blur'))")

    assert studio.evaluate(held) == []
    assert studio.evaluate("window.sound.heard.at(-1)")["type"] == "sustain"


def test_the_piano_is_played_by_keyboard_alone(studio):
    octave = studio.get_by_role("group", name="Octave")
    octave.get_by_role("button", name="Octave up").focus()
    studio.keyboard.press("Enter")
    white(studio, 0).focus()
    studio.keyboard.press("ArrowRight")
    studio.keyboard.down("Enter")
    assert studio.evaluate(held) == [73]
    studio.keyboard.up("Enter")
    studio.keyboard.press("End")
    studio.keyboard.press("Space")

    played = studio.evaluate(pitches)
    assert played[0] == 73
    assert studio.evaluate(held) == []
    assert len(played) == 2


def test_a_glissando_plays_every_key_it_passes(studio):
    first, last = white(studio, 0).bounding_box(), white(studio, 4).bounding_box()
    y = first["y"] + first["height"] - 12
    studio.mouse.move(first["x"] + 12, y)
    studio.mouse.down()
    studio.mouse.move(last["x"] + 12, y, steps=40)
    assert studio.evaluate(held) == [67]
    studio.mouse.up()

    assert studio.evaluate(pitches) == [60, 62, 64, 65, 67]
    assert studio.evaluate(held) == []


def test_two_fingers_play_and_slide_on_their_own(browser, address, eventually):
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(address)
    white(page, 0).wait_for()
    boxes = [white(page, number).bounding_box() for number in range(5)]
    assert all(box["width"] >= 44 for box in boxes)
    touch = context.new_cdp_session(page)

    def points(*keys):
        y = boxes[0]["y"] + boxes[0]["height"] - 15
        return [
            {"x": boxes[key]["x"] + 15, "y": y, "id": finger} for finger, key in enumerate(keys)
        ]

    def send(kind, *keys):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points(*keys)})

    send("touchStart", 0)
    send("touchStart", 0, 2)
    assert page.evaluate(held) == [60, 64]
    send("touchMove", 0, 3)
    eventually(page, f"{held}.includes(65)")
    send("touchMove", 0, 4)
    eventually(page, f"{held}.includes(67)")
    assert page.evaluate(held) == [60, 67]
    send("touchEnd")

    assert page.evaluate(pitches) == [60, 64, 65, 67]
    assert page.evaluate(held) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


@pytest.fixture
def midi(page, studio, eventually):
    """The page with a MIDI keyboard plugged in and connected."""
    page.add_init_script(FAKE_MIDI)
    page.reload()
    page.get_by_role("button", name="MIDI keyboard").click()
    expect(page.locator("cp-midi")).to_contain_text("Playing on Fake USB.")
    return page


def test_a_midi_keyboard_plays_with_pedal_and_velocity(midi):
    midi.evaluate("""() => {
        const send = window.fakeMidi.send;
        send([0x90, 60, 33]); send([0xb0, 64, 127]); send([0x90, 60, 0]);
        send([0x91, 64, 99]); send([0x81, 64, 64]); send([0xb0, 64, 0]); send([0xfe]);
    }""")

    events = midi.evaluate("window.sound.heard")
    assert [event["type"] for event in events] == ["on", "sustain", "off", "on", "off", "sustain"]
    assert [event["velocity"] for event in events if event["type"] == "on"] == [33, 99]


def test_a_midi_keyboard_that_is_unplugged_lets_go_and_comes_back(midi):
    midi.evaluate("window.fakeMidi.send([0x90, 60, 100])")
    assert midi.evaluate(held) == [60]

    midi.evaluate("window.fakeMidi.unplug('usb')")
    assert midi.evaluate(held) == []
    expect(midi.locator("cp-midi")).to_contain_text("No MIDI keyboard is plugged in.")
    midi.evaluate("window.fakeMidi.plug('usb', 'Fake USB')")
    midi.evaluate("window.fakeMidi.plug('second', 'Another')")
    midi.get_by_role("combobox", name="MIDI").select_option("Another")

    expect(midi.locator("cp-midi")).to_contain_text("Playing on Another.")
    midi.evaluate("window.fakeMidi.send([0x90, 72, 100], 'usb')")
    assert midi.evaluate(held) == []


def test_a_refusal_and_a_browser_without_midi_are_explained(page, studio):
    # Headless Chromium refuses.
    page.reload()
    page.get_by_role("button", name="MIDI keyboard").click()
    expect(page.locator("cp-midi")).to_contain_text("was not allowed")

    page.add_init_script(
        "delete Navigator.prototype.requestMIDIAccess; delete navigator.requestMIDIAccess"
    )
    page.reload()

    expect(page.locator("cp-midi")).to_contain_text("cannot use MIDI keyboards")
    expect(page.get_by_role("button", name="MIDI keyboard")).to_have_count(0)


def test_a_failed_instrument_is_told_and_tried_again(page, studio, complaints, eventually):
    page.route("**/gm000.sf3", lambda route: route.fulfill(status=503))
    white(page, 0).click()
    expect(page.get_by_role("status").first).to_contain_text(
        "Sound could not be loaded: the site answered 503 for an instrument. Try again."
    )
    page.unroute("**/gm000.sf3")

    page.get_by_role("button", name="Try again").click()
    eventually(page, "window.sound.engine.state === 'ready'")
    white(page, 0).click()

    assert page.evaluate("window.sound.untilSound()") < 15_000
    complaints.clear()  # the 503, which the browser writes down too


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_nothing_stands_in_the_way_of_anybody(browser, address, theme, width):
    context = browser.new_context(
        color_scheme=theme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    white(page, 0).wait_for()
    page.get_by_role("button", name="Play on the computer").click()

    assert faults_here(page, "sound") == []
    context.close()
