"""A real Chromium on a real server of this process; the tests play the worker."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from benchmarks.elements import build_elements, served
from challenges.models import Round
from tests.browser.roll_page import RollPage
from tests.pages import open_round

# Playwright's synchronous interface runs a loop in this thread; the ORM is used beside it, not
# inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here; it needs a browser and a database that other threads can read."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker("browser")
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture
def round_(transactional_db: None) -> Round:
    """A round that is open now."""
    return open_round(brief="Write a **canon** for two voices.", style="chorale")


@pytest.fixture
def sign_in(live_server, context: BrowserContext) -> Callable[[User], None]:
    """Give the browser the session of a person, without the sign-in page."""

    def give(person: User) -> None:
        client = Client()
        client.force_login(person)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )

    return give


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complained about: refused scripts and styles, script errors."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else 0)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.fixture(scope="session")
def elements(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page that shows the Studio's elements."""
    folder = tmp_path_factory.mktemp("elements")
    build_elements(folder)
    with served(folder) as address:
        yield address


@pytest.fixture
def roll(page: Page, elements: str, complaints: list[str]) -> Iterator[RollPage]:
    """The roll with a melody of 14 notes and a bass; the page must not complain."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(elements)
    expect(page.locator("cp-roll .surface")).to_be_visible()
    opened = RollPage(page)
    opened.until(lambda: page.evaluate("roll.view.width > 100"), True)
    yield opened
    assert complaints == []
