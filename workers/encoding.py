"""From a WAV file to what browsers play and pages draw."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile as sf

STRETCHES = 800  # of a waveform; about one per pixel of the widest page
QUALITY = 0.45  # of LAME's variable bit rate, 0 (best) to 1: about 80 kB for 10 s of an ensemble
LOUDEST = 255


def encode_mp3(wav: Path, mp3: Path) -> tuple[float, list[int]]:
    """Write an MP3 file; return its length in seconds, and the peaks of its stretches.

    A peak is the loudest sample of one of 800 equal stretches, from 0 (silence) to 255.
    """
    peaks: list[int] = []
    with (
        sf.SoundFile(wav) as source,
        sf.SoundFile(
            mp3,
            "w",
            samplerate=source.samplerate,
            channels=source.channels,
            format="MP3",
            subtype="MPEG_LAYER_III",
            bitrate_mode="VARIABLE",
            compression_level=QUALITY,
        ) as target,
    ):
        edges = np.linspace(0, source.frames, STRETCHES + 1).astype(int)
        for length in np.diff(edges):
            block = source.read(int(length), dtype="float32", always_2d=True)  # (frames, channels)
            target.write(block)
            peaks.append(peak_of(block))
        return source.frames / source.samplerate, peaks


def peak_of(block: npt.NDArray[np.float32]) -> int:
    """Return the loudest sample of a block, from 0 to 255; 0 if it is empty.

    >>> peak_of(np.array([[0.5, -1.0], [0.0, 0.2]], dtype=np.float32))
    255
    """
    return round(LOUDEST * min(1.0, float(np.abs(block).max(initial=0.0))))


def seconds_of(wav: Path) -> float:
    """Return how long a file of sound is."""
    info = sf.info(wav)
    return float(info.frames / info.samplerate)
