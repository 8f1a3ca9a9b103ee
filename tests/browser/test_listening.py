"""Music inside pages: `<cp-listen>` on the lessons, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.axe import faults_here

SHUFFLE = "/learn/judging-music/what-a-metric-hears/"
PAINT = "/learn/music-as-data/the-piano-roll/"
LOADING = 30_000  # the engine and an instrument, on a busy machine
UNDER_WAY = re.compile(r"0\.\d+")

# A meter on whatever a page sends to the loudspeaker: `loudest` is the largest sample so far.
METER = """
    window.loudest = 0;
    const connect = AudioNode.prototype.connect;
    AudioNode.prototype.connect = function (to, ...rest) {
        if (to instanceof AudioDestinationNode) {
            const meter = new AnalyserNode(this.context);
            const samples = new Float32Array(meter.fftSize);
            connect.call(this, meter);
            setInterval(() => {
                meter.getFloatTimeDomainData(samples);
                window.loudest = Math.max(window.loudest, ...samples);
            }, 20);
        }
        return connect.call(this, to, ...rest);
    };
"""


def playhead_of(page: Page) -> float:
    return float(page.locator(".roll .playhead").first.get_attribute("x1") or 0)


def test_a_press_loads_the_engine_and_plays_with_a_playhead(live_server, page, complaints):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(METER)
    page.goto(live_server.url + SHUFFLE)
    play = page.get_by_role("button", name="Play After")
    expect(play).to_be_visible()
    assert not [url for url in asked if re.search(r"synthesizer|processor|sf3|\.mid", url)]

    play.focus()
    page.keyboard.press("Enter")
    bar = page.get_by_role("progressbar", name="Played of After")
    expect(bar).to_have_attribute("value", UNDER_WAY, timeout=LOADING)
    first = playhead_of(page)

    expect(page.locator(".cp-listen__time").first).to_contain_text("0:02 /", timeout=LOADING)
    expect(page.get_by_role("button", name="Stop After")).to_be_focused()
    assert playhead_of(page) > first > 0
    assert page.evaluate("loudest") > 0.01
    assert page.locator("cp-listen [role=status]").first.text_content() == ""
    assert complaints == []


def test_one_sounds_at_a_time_and_a_second_press_stops_it(live_server, page, complaints):
    page.goto(live_server.url + SHUFFLE)
    page.get_by_role("button", name="Play After").click()
    expect(page.get_by_role("button", name="Stop After")).to_be_visible()

    page.get_by_role("button", name="Play Bach, as it was").click()

    expect(page.get_by_role("button", name="Play After")).to_be_visible()
    bar = page.get_by_role("progressbar", name="Played of Bach, as it was")
    expect(bar).to_have_attribute("value", UNDER_WAY, timeout=LOADING)
    page.get_by_role("button", name="Stop Bach, as it was").click()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    assert complaints == []


def test_a_short_piece_ends_by_itself_and_can_be_heard_again(live_server, page, complaints):
    page.goto(live_server.url + PAINT)
    play = page.get_by_role("button", name="Play Your bar")

    for _ in range(2):
        play.click()
        bar = page.get_by_role("progressbar", name="Played of Your bar")
        expect(bar).to_have_attribute("value", UNDER_WAY, timeout=LOADING)
        expect(play).to_be_visible(timeout=LOADING)
    assert complaints == []


def test_what_the_form_changes_is_what_is_heard(live_server, page):
    page.goto(live_server.url + PAINT)
    page.get_by_role("button", name="Play Your bar").click()
    page.get_by_role("button", name="A scale").click()
    expect(page.locator("#live-paint-say")).to_contain_text("8 of 104 cells")
    expect(page.get_by_role("button", name="Play Your bar")).to_be_visible()

    with page.expect_response(re.compile(r"paint/1\.mid\?.*preset=steps")) as heard:
        page.get_by_role("button", name="Play Your bar").click()

    assert heard.value.ok


def test_a_failure_is_told_in_a_sentence_and_can_be_tried_again(live_server, page):
    page.goto(live_server.url + SHUFFLE)
    page.route("**/*.mid*", lambda route: route.abort())
    page.get_by_role("button", name="Play After").click()

    trouble = page.get_by_text("The music cannot be had just now. Try again in a minute.")
    expect(trouble).to_be_visible()
    assert not faults_here(page, "trouble")

    page.unroute("**/*.mid*")
    page.get_by_role("button", name="Play After").click()
    bar = page.get_by_role("progressbar", name="Played of After")
    expect(bar).to_have_attribute("value", UNDER_WAY, timeout=LOADING)
    expect(trouble).to_be_hidden()


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 360)])
def test_it_is_accessible_while_it_plays(live_server, page, theme, width):
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server.url + SHUFFLE)
    page.get_by_role("button", name="Play After").click()
    bar = page.get_by_role("progressbar", name="Played of After")
    expect(bar).to_have_attribute("value", UNDER_WAY, timeout=LOADING)

    assert not faults_here(page, "playing")


def test_without_scripts_there_is_a_link_to_the_file(live_server, browser):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(SHUFFLE)

    with page.expect_download() as download:
        page.get_by_role("link", name="MIDI of After").click()

    assert download.value.suggested_filename == "shuffle-1.mid"
    context.close()
