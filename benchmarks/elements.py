"""The page that shows the Studio's elements by themselves, built and served for a browser."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FRONTEND = Path(__file__).resolve().parents[1] / "platform" / "frontend"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def build_elements(folder: Path) -> None:
    """Build the page into a folder, with the site's own build of styles and fonts."""
    node = str(Path(sys.executable).with_name("node"))
    if not (FRONTEND / "src" / "generated").is_dir():
        subprocess.run([node, "scripts/subset-fonts.ts"], cwd=FRONTEND, check=True)
    vite = [node, "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]
    options = ["--config", "vite.harness.config.ts", "--outDir", str(folder)]
    subprocess.run([*vite, *options], cwd=FRONTEND, check=True)


class _Files(SimpleHTTPRequestHandler):
    """Files of a folder under the strict policy that the site has."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CSP)
        super().end_headers()

    def do_GET(self) -> None:
        """Answer the browser's own question for an icon with nothing, instead of an error."""
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Write nothing: a test's output is for the test."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder while the block runs; give the address of the page."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/roll.html"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
