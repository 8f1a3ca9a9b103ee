"""The Studio's sound on a page of its own, built and served with the site's kind of policy."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FRONTEND = Path(__file__).parents[1] / "platform" / "frontend"
HARNESS = FRONTEND / "tests" / "harness"
NODE = Path(sys.executable).parent / "node"

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "worker-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "object-src 'none'; base-uri 'none'"
)


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder under the policy, without a line in the log for each file."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Permissions-Policy", "midi=(self)")
        super().end_headers()

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def sound_page(folder: Path) -> Iterator[str]:
    """Build the page into `folder`, serve it, and give its address."""
    vite = FRONTEND / "node_modules" / "vite" / "bin" / "vite.js"
    _node(vite, "build", "--config", HARNESS / "vite.config.ts", "--outDir", folder)
    _node(HARNESS / "make-banks.ts", folder / "banks")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/sound.html"
        server.shutdown()
        thread.join()


def _node(*arguments: str | Path) -> None:
    """Run Node in the front end's folder; what it prints is shown when it fails."""
    ran = subprocess.run(
        [NODE, *arguments], cwd=FRONTEND, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
