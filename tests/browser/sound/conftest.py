"""The Studio's sound on a page of its own, built and served with the site's kind of policy."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page

FRONTEND = Path(__file__).parents[3] / "platform" / "frontend"
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

    def log_message(self, format: str, *args: object) -> None:
        pass


def node(*arguments: str | Path) -> None:
    """Run Node in the front end's folder; what it prints is shown when it fails."""
    ran = subprocess.run(
        [NODE, *arguments],
        cwd=FRONTEND,
        env={**os.environ, "NODE_ENV": "production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page's address."""
    folder = tmp_path_factory.mktemp("sound")
    vite = FRONTEND / "node_modules" / "vite" / "bin" / "vite.js"
    node(vite, "build", "--config", HARNESS / "vite.config.ts", "--outDir", folder)
    node(HARNESS / "make-banks.ts", folder / "banks")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/sound.html"
        server.shutdown()
        thread.join()


@pytest.fixture
def studio(page: Page, address: str, complaints: list[str]) -> Iterator[Page]:
    """The page, ready; the browser must find nothing to complain about."""
    page.goto(address)
    page.locator("cp-keys .white").first.wait_for()
    yield page
    assert complaints == []


@pytest.fixture
def eventually() -> Callable[[Page, str], object]:
    """Ask the page until the answer is true; `wait_for_function` is refused by the policy."""

    def ask(page: Page, question: str, timeout: float = 8000) -> object:
        return page.evaluate(
            f"""async (limit) => {{
                const end = performance.now() + limit;
                for (;;) {{
                    const answer = {question};
                    if (answer) return answer;
                    if (performance.now() > end) throw new Error("never true: " + {question!r});
                    await new Promise((resolve) => setTimeout(resolve, 20));
                }}
            }}""",
            timeout,
        )

    return ask
