"""The Studio's panels on a page of their own, built and served with the site's kind of policy."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.panels.fake_site import FakeSite, serving

FRONTEND = Path(__file__).parents[3] / "platform" / "frontend"
NODE = Path(sys.executable).parent / "node"


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
def panels_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, built."""
    folder = tmp_path_factory.mktemp("panels")
    vite = FRONTEND / "node_modules" / "vite" / "bin" / "vite.js"
    config = FRONTEND / "tests" / "harness" / "panels.vite.ts"
    if not (FRONTEND / "src" / "generated" / "fonts").exists():
        node("scripts/subset-fonts.ts")
    node(vite, "build", "--config", config, "--outDir", folder)
    return folder


@pytest.fixture(scope="session")
def panels_server(panels_folder: Path) -> Iterator[tuple[str, list[FakeSite]]]:
    """The page's server, and the list whose last site it answers for."""
    sites = [FakeSite()]
    with serving(panels_folder, sites) as address:
        yield address, sites


@pytest.fixture
def site(panels_server: tuple[str, list[FakeSite]]) -> FakeSite:
    """What the API knows: nothing yet but its techniques and a round."""
    fresh = FakeSite()
    panels_server[1].append(fresh)
    return fresh


@pytest.fixture
def visit(
    page: Page, panels_server: tuple[str, list[FakeSite]], site: FakeSite
) -> Callable[[str], Page]:
    """Open the page with a query such as `?in&piece=…`, ready to be used."""

    def go(query: str = "") -> Page:
        page.goto(f"{panels_server[0]}/panels.html{query}")
        page.locator("body[data-ready]").wait_for()
        page.get_by_role("tab", name="Add a band").wait_for()
        return page

    return go
