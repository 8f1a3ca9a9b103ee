"""A tune on a fake MIDI keyboard, played in time with the clicks that a page makes."""

from pathlib import Path

FAKE_MIDI = (Path(__file__).parent / "fake_midi.js").read_text()
MOST_MS = 15
"""How far a recorded onset may lie from where it was played."""

# The first line of "Twinkle, Twinkle, Little Star": milliseconds, by a human hand, and pitches.
TUNE = [(0, 60), (513, 60), (1020, 67), (1484, 67), (2005, 69), (2492, 69), (2982, 67)]

# The sender's own reckoning of when a beat is heard: from the clicks that the player was told to
# make, the audio clock and its reported delay; nothing of the recorder's.
LISTEN = """() => {
    const { engine } = document.querySelector("cp-transport");
    const click = engine.click.bind(engine);
    window.clicks = [];
    engine.click = (time, isStrong) => { window.clicks.push(time); click(time, isStrong); };
}"""
# It is made anew for every note, since a busy machine's output may fall behind for good.
PLAY_TUNE = """async (tune) => {
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));
    while (window.clicks.length < 4) await wait(10);
    const { context } = document.querySelector("cp-transport").engine;
    const zero = async () => {
        const readings = [];
        for (let reading = 0; reading < 15; reading += 1) {
            await wait(5);
            const late = context.outputLatency || context.baseLatency || 0;
            readings.push(performance.now() - (context.currentTime - late) * 1000);
        }
        return readings.sort((a, b) => a - b)[7] + (window.clicks[0] + 2) * 1000;
    };
    for (const [ms, pitch] of tune) {
        await wait((await zero()) + ms - performance.now() - 150);
        const at = (await zero()) + ms;
        await wait(at - performance.now());
        window.fakeMidi.send([0x90, pitch, 90], "usb", at);
        window.fakeMidi.send([0x80, pitch, 0], "usb", at + 300);
    }
}"""
