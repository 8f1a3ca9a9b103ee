"""What is played is recorded where it was played, and the player keeps time."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.sound.midi_keyboard import FAKE_MIDI, LISTEN, MOST_MS, PLAY_TUNE, TUNE


def tracks(page):
    return page.evaluate("window.sound.document.committed.song.tracks")


@pytest.fixture
def midi(page, studio):
    page.add_init_script(FAKE_MIDI)
    page.reload()
    page.get_by_role("button", name="MIDI keyboard").click()
    expect(page.locator("cp-midi")).to_contain_text("Playing on Fake USB.")
    return page


def test_a_tune_on_a_midi_keyboard_is_recorded_as_it_was_sent(midi):
    midi.evaluate("document.addEventListener('cp-recorded', e => { window.told = e.detail; })")
    midi.evaluate(LISTEN)
    midi.get_by_role("button", name="Record", exact=True).click()

    midi.evaluate(PLAY_TUNE, TUNE)
    midi.get_by_role("button", name="Record", exact=True).click()

    [track] = tracks(midi)
    assert [note["pitch"] for note in track["notes"]] == [pitch for _, pitch in TUNE]
    starts = [note["start"] * 1000 / 960 for note in track["notes"]]
    errors = [start - at for start, (at, _) in zip(starts, TUNE, strict=True)]
    assert max(map(abs, errors)) <= MOST_MS, errors
    assert midi.evaluate("window.sound.document.undoName") == "Record 7 notes"
    assert midi.evaluate("window.told") == {"notes": 7, "trackId": track["id"]}


def test_an_overdub_is_added_and_a_retake_replaces_it_in_one_step(midi, eventually):
    studio = midi
    studio.evaluate(
        "window.sound.load([{ notes: [{ start: 0, duration: 480, pitch: 48, velocity: 90 }] }])"
    )
    studio.evaluate(
        "document.querySelector('cp-transport').trackId = "
        "window.sound.document.project.song.tracks[0].id"
    )
    studio.get_by_label("Count-in").select_option("No count-in")
    record = studio.get_by_role("button", name="Record", exact=True)
    record.click()
    eventually(studio, "window.sound.transport.position > 200")
    studio.evaluate("window.fakeMidi.send([0x90, 72, 90])")
    studio.evaluate("window.fakeMidi.send([0x80, 72, 90])")
    record.click()
    assert [note["pitch"] for note in tracks(studio)[0]["notes"]] == [48, 72]

    studio.get_by_role("button", name="Record the last take again").click()
    eventually(studio, "window.sound.transport.position > 200")
    studio.evaluate("window.fakeMidi.send([0x90, 76, 90])")
    record.click()

    assert [note["pitch"] for note in tracks(studio)[0]["notes"]] == [48, 76]
    studio.evaluate("window.sound.document.undo()")
    assert [note["pitch"] for note in tracks(studio)[0]["notes"]] == [48, 72]


def test_recording_stops_by_itself_after_the_bars_asked_for(midi, eventually):
    midi.evaluate("document.querySelector('cp-transport').bars = 1")
    midi.get_by_label("Tempo").fill("240")
    midi.get_by_label("Tempo").press("Enter")
    midi.get_by_role("button", name="Record", exact=True).click()
    eventually(midi, "window.sound.transport.position > 0")
    midi.evaluate("window.fakeMidi.send([0x90, 60, 90])")

    eventually(midi, "!window.sound.recorder.isRecording")

    [track] = tracks(midi)
    [note] = track["notes"]
    assert note["start"] + note["duration"] == 1920


MANY = """() => {
    const one = (program, isDrum) => ({
        program, isDrum, notes: [{ start: 0, duration: 960, pitch: 60, velocity: 100 }],
    });
    const tracks = Array.from({ length: 20 }, (_, index) => one([0, 48, 73][index % 3], false));
    window.sound.load([...tracks, one(0, true)]);
    window.sound.transport.loop = { start: 0, end: 960 };
    window.sound.transport.isLooping = true;
}"""


def test_more_tracks_sound_than_midi_has_channels(studio):
    studio.evaluate(MANY)
    last = "window.sound.document.project.song.tracks.at(-2).id"
    studio.evaluate(
        f"window.sound.document.run('Solo', (p) => ({{ ...p, soloed: new Set([{last}]) }}))"
    )

    studio.get_by_role("button", name="Play", exact=True).click()

    assert studio.evaluate("window.sound.untilSound()") < 15_000


def test_a_muted_track_is_silent_and_the_drums_are_not(studio, eventually):
    studio.evaluate(MANY)
    studio.evaluate("""window.sound.document.run('Mute', (p) => ({
        ...p, muted: new Set(p.song.tracks.map((track) => track.id)),
    }))""")
    play = studio.get_by_role("button", name="Play", exact=True)
    play.click()
    eventually(studio, "window.sound.transport.position > 100")
    assert studio.evaluate("window.sound.peak(1200)") < 1e-4
    studio.get_by_role("button", name="Stop").click()
    studio.evaluate("""window.sound.document.run('Drums', (p) => ({
        ...p, muted: new Set(), soloed: new Set([p.song.tracks.at(-1).id]),
    }))""")

    play.click()

    assert studio.evaluate("window.sound.untilSound()") < 15_000


def test_stop_leaves_silence_and_panic_does_at_once(studio, eventually):
    studio.evaluate(
        "window.sound.load([{ program: 48, "
        "notes: [{ start: 0, duration: 9600, pitch: 60, velocity: 120 }] }])"
    )
    studio.get_by_role("button", name="Play", exact=True).click()
    eventually(studio, "window.sound.transport.position > 480")
    assert studio.evaluate("window.sound.peak(200)") > 0.01

    studio.get_by_role("button", name="Stop").click()
    studio.evaluate("window.sound.engine.panic()")
    studio.wait_for_timeout(100)

    # What is left is the hall's echo.
    assert studio.evaluate("window.sound.peak(200)") < 0.05
    studio.wait_for_timeout(2500)
    assert studio.evaluate("window.sound.peak(200)") < 1e-3


def test_the_transport_is_worked_by_keys_that_do_nothing_until_they_are_captured(
    studio, eventually
):
    state = "window.sound.transport.state"
    studio.keyboard.press("m")
    assert studio.evaluate("window.sound.transport.hasClicks") is False

    studio.get_by_role("button", name="Play on the computer").click()
    studio.keyboard.press("m")
    studio.keyboard.press("Space")
    eventually(studio, f"{state} === 'playing'")
    expect(studio.locator("cp-transport .bars")).to_have_text(re.compile(r"^1\.[2-4]\."))
    assert studio.evaluate("window.sound.peak(600)") > 0.05  # the metronome
    studio.keyboard.press("Space")
    assert studio.evaluate(state) == "stopped"

    assert studio.evaluate("window.sound.transport.hasClicks") is True
    studio.evaluate(
        "window.sound.load([{ notes: [{ start: 0, duration: 480, pitch: 48, velocity: 90 }] }])"
    )
    studio.keyboard.press("/")
    assert studio.evaluate("window.sound.transport.isLooping") is True
    studio.keyboard.press("r")
    assert studio.evaluate("window.sound.recorder.isRecording") is True
    studio.keyboard.press("r")
    assert studio.evaluate("window.sound.recorder.isRecording") is False


def test_tempo_and_meter_are_commands_that_can_be_undone(studio):
    tempo = studio.get_by_label("Tempo")
    tempo.fill("999")
    tempo.press("Enter")
    expect(tempo).to_have_value("300")
    tempo.fill("90")
    tempo.press("Enter")
    studio.get_by_label("Meter").select_option("3/4")
    assert studio.evaluate("window.sound.document.undoName") == "Set the meter to 3/4"
    assert studio.evaluate("window.sound.document.project.song.tempos[0].usPerBeat") == 666_667

    tap = studio.get_by_role("button", name="Tap")
    for _ in range(4):
        tap.click()
        studio.wait_for_timeout(400)

    assert 100 < float(tempo.input_value()) <= 150


def test_a_page_that_forbids_the_decoder_is_told_so(browser, address):
    context = browser.new_context()
    page = context.new_page()

    def stricter(route):
        answer = route.fetch()
        policy = answer.headers["content-security-policy"].replace(" 'wasm-unsafe-eval'", "")
        route.fulfill(
            response=answer, headers={**answer.headers, "content-security-policy": policy}
        )

    page.route("**/*", stricter)
    page.goto(address)
    page.locator("cp-keys .white").first.click()

    expect(page.locator("cp-transport")).to_contain_text(
        "Sound could not be loaded", timeout=20_000
    )
    context.close()


TAP_LATE = """async (late) => {
    const { context } = window.sound.engine;
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));
    while (window.clicks.length < 8) await wait(10);
    const button = document.querySelector("cp-calibration").shadowRoot.querySelector(".tap");
    for (const click of window.clicks) {
        const heard = context.currentTime - (context.outputLatency || context.baseLatency || 0);
        await wait((click - heard) * 1000 + late);
        button.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    }
}"""


def test_taps_that_come_late_correct_what_is_recorded(studio):
    studio.evaluate(LISTEN)
    box = studio.locator("cp-calibration")
    box.get_by_role("button", name="Measure the delay").click()
    expect(box.get_by_role("button", name="Tap with each click")).to_be_focused()

    studio.evaluate(TAP_LATE, 180)

    expect(box).to_contain_text(re.compile(r"Recordings are moved \d+ ms earlier"))
    measured = studio.evaluate("Number(localStorage.getItem('counterpoint.lateness'))")
    assert 0.15 < measured < 0.23
    studio.reload()
    expect(box).to_contain_text("Recordings are moved")
