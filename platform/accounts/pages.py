"""What all pages share: who is signed in, and showing what was refused."""

from dataclasses import dataclass
from typing import cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpRequest

from accounts.errors import RuleBroken
from accounts.models import User
from accounts.words import translated
from ml.music import MidiRefused

UNPROCESSABLE = 422

# The instruments' samples are Vorbis, which the engine decodes in WebAssembly.
plays_instruments = csp_update({"script-src": [SELF, "'wasm-unsafe-eval'"]})
"""For the view of a page on which the engine plays (`<cp-listen>`, the Studio): a view without it
could not. The page's head includes `components/soundfonts.html`."""

WAY_BACK = "way_back"  # in the session


def person_of(request: HttpRequest) -> User:
    """Return the signed-in person; the view lets nobody else through."""
    return cast(User, request.user)


def keep_way_back(request: HttpRequest) -> None:
    """Remember in the session that this page is where the visitor wants to be once signed in."""
    request.session[WAY_BACK] = request.get_full_path()


def way_back(request: HttpRequest) -> str:
    """Return the path that `keep_way_back` remembered; "" without one."""
    return str(request.session.get(WAY_BACK, ""))


def forget_way_back(request: HttpRequest) -> None:
    """Forget the path that `keep_way_back` remembered."""
    request.session.pop(WAY_BACK, None)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done, as a notice on the page, and the status it answers with."""

    text: str
    status: int
    url: str = ""
    link: str = ""

    @classmethod
    def of(cls, error: RuleBroken | MidiRefused) -> "Refusal":
        """Return what a broken rule or a refused file is shown as."""
        if isinstance(error, MidiRefused):
            return cls(translated(error.detail), UNPROCESSABLE)
        return cls(str(error), error.status)
