"""The panels' page before the real API: its files from a folder, the rest from a running site."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HOP = {"connection", "transfer-encoding", "content-length", "server", "date"}


class Bridge(SimpleHTTPRequestHandler):
    """Hands requests for the API to another server, as they came."""

    def __init__(self, *args: Any, target: str, **kwargs: Any) -> None:
        self.target = target
        super().__init__(*args, **kwargs)

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path.startswith("/api/"):
            self._forward()
        else:
            super().do_GET()

    def do_POST(self) -> None:
        self._forward()

    do_PUT = do_DELETE = do_PATCH = do_POST  # noqa: N815 - the names are the server's

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with closing(http.client.HTTPConnection(self.target)) as connection:
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def bridged(folder: Path, site: str) -> Iterator[str]:
    """Serve the folder on the same host as the site at an address; give the page's address.

    Cookies know no ports: a browser that has the site's brings them along.
    """
    host = site.removeprefix("http://")
    handler = partial(Bridge, directory=str(folder), target=host)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://{host.partition(':')[0]}:{server.server_port}"
        server.shutdown()
        thread.join()
