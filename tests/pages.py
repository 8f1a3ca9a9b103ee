"""Rounds of the present moment and filled-in forms, for tests that go through pages."""

from datetime import timedelta
from html.parser import HTMLParser
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from challenges.models import Round
from tests.rounds import make_round, midi
from workers import scoring  # noqa: F401 - registers the handlers
from workers.runner import work_once


def open_round(**values: object) -> Round:
    """Make a round that is open now."""
    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=3), "closes_at": now + timedelta(days=7)}
    return make_round(**(dates | values))


def form_of(upload: bytes | None = None, *, name: str = "piece.mid", **typed: object) -> dict:
    """Return a submit form as a browser sends it, with a key of its own."""
    sent = {
        "title": "First light",
        "statement": "",
        "licence": "cc-by-4.0",
        "rights": "on",
        "key": str(uuid4()),
        "midi": SimpleUploadedFile(name, midi() if upload is None else upload, "audio/midi"),
    }
    return {key: value for key, value in (sent | typed).items() if value is not None}


def score_everything() -> None:
    """Do all waiting scoring jobs with the real handlers, in this process."""
    for _ in range(200):
        if not work_once("score", "test"):
            return
    raise AssertionError("The jobs make ever more jobs.")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> _Reader:
    """Return a page's tags and text."""
    reader = _Reader()
    reader.feed(html)
    return reader


def text_of(html: str) -> str:
    """Return a page's text with white space joined."""
    return " ".join(" ".join(read(html).text).split())
