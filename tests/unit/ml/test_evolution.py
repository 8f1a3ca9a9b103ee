"""The film of a training run: a WebM file whose frames are the pictures that were drawn."""

import io

import numpy as np
import pytest
from PIL import Image

from ml.music.evolution import MAX_FRAMES, SIZE, film, write_video
from ml.music.webm import key_frame, webm

MELODIES = [[[0, 0, 8, 72], [0, 8, 8, 74]]]
POINTS = [{"iteration": 25, "generator_loss": 1.5, "critic_loss": -2.0}]


def sample(iteration: int, pitch: int = 60):
    return {"iteration": iteration, "windows": [[[1, 0, 16, pitch], [3, 16, 60, 200]]]}


def elements(data: bytes):
    """Yield number, place and body of EBML elements whose sizes take eight bytes."""
    at = 0
    while at < len(data):
        length = 9 - data[at].bit_length()
        number = int.from_bytes(data[at : at + length], "big")
        size = int.from_bytes(data[at + length : at + length + 8], "big") & ((1 << 56) - 1)
        body = at + length + 8
        yield number, at, data[body : body + size]
        at = body + size


def frames(data: bytes) -> list[tuple[int, Image.Image]]:
    """Return time and picture of each frame, through Pillow's own decoder."""
    (_, _, head), (_, _, segment) = elements(data)
    assert head.find(b"webm") > 0
    found = []
    for number, _, body in elements(segment):
        if number == 0x1F43B675:
            parts = {n: b for n, _, b in elements(body)}
            frame = parts[0xA3][4:]
            chunk = (
                b"WEBPVP8 " + len(frame).to_bytes(4, "little") + frame + b"\0" * (len(frame) % 2)
            )
            riff = b"RIFF" + len(chunk).to_bytes(4, "little") + chunk
            found.append((int.from_bytes(parts[0xE7], "big"), Image.open(io.BytesIO(riff))))
    return found


def test_every_sample_is_a_frame_in_the_order_of_the_iterations():
    data = film([sample(50, 64), sample(0)], melodies=MELODIES, points=POINTS, seconds=0.5)

    found = frames(data)

    assert [time for time, _ in found] == [0, 500, 999]
    assert {picture.size for _, picture in found} == {SIZE}
    first, second, again = (np.asarray(p.convert("RGB")).astype(int) for _, p in found)
    assert np.abs(first - second).max() > 100
    assert np.array_equal(second, again)


def test_the_table_of_places_leads_to_the_frames():
    data = film([sample(0), sample(50)], melodies=MELODIES)
    _, (_, _, segment) = elements(data)
    parts = list(elements(segment))

    cues = next(body for number, _, body in parts if number == 0x1C53BB6B)
    clusters = [at for number, at, _ in parts if number == 0x1F43B675]
    places = []
    for _, _, point in elements(cues):
        where = next(body for number, _, body in elements(point) if number == 0xB7)
        places += [int.from_bytes(b, "big") for n, _, b in elements(where) if n == 0xF1]

    assert places == clusters


def test_the_picture_survives_the_encoding():
    picture = Image.new("RGB", (64, 48), "#1f6feb")

    ((_, seen), _) = frames(webm([picture], seconds=1))

    off = np.abs(np.asarray(seen.convert("RGB")).astype(int) - np.asarray(picture).astype(int))
    assert off.max() < 8
    assert key_frame(picture)[3:6] == b"\x9d\x01\x2a"  # the start code of a key frame


def test_a_long_run_is_shown_in_at_most_so_many_frames():
    data = film([sample(n) for n in range(300)], melodies=MELODIES, seconds=0.1)

    assert len(frames(data)) == MAX_FRAMES + 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: film([], melodies=[]),
        lambda: webm([Image.new("RGB", (8, 8)), Image.new("RGB", (8, 9))], seconds=1),
    ],
)
def test_nothing_or_pictures_of_two_sizes_are_no_film(call):
    with pytest.raises(ValueError, match="picture"):
        call()


def test_a_film_is_written_as_it_is_returned(tmp_path):
    samples = [sample(0)]

    file = write_video(samples, tmp_path / "e.webm", melodies=MELODIES)

    assert file.read_bytes() == film(samples, melodies=MELODIES)
