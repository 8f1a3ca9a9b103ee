"""What axe finds on pages, and whether they fit their window."""

from collections.abc import Mapping

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SETTLE = """
    for (const one of document.getAnimations()) {
        if (one instanceof CSSTransition) one.finish();
    }
"""


def faults_of(page: Page, site: str, addresses: Mapping[str, str]) -> list[str]:
    """Visit each address of a site and return every fault, with the name of its page."""
    faults = []
    for name, address in addresses.items():
        page.goto(site + address)
        faults += faults_here(page, name)
    return faults


def faults_here(page: Page, name: str) -> list[str]:
    """Return every fault of the page that is open, once its colours have settled.

    A button that turns from one colour to another is in between for a moment, and axe would judge
    the contrast of that moment.
    """
    page.evaluate(SETTLE)
    found = Axe().run(page, options=RULES)
    faults = [
        f"{name}: {violation['id']}: {node['html']}: {node['failureSummary']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return faults + ([f"{name}: {wide} px too wide"] if wide > 0 else [])
