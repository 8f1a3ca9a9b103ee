"""The Studio's sound on a page of its own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.sound_page import sound_page


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page's address."""
    with sound_page(tmp_path_factory.mktemp("sound")) as address:
        yield address


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

    def ask(page: Page, question: str, timeout: float = 20_000) -> object:
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
