"""What tests do in the Studio on the real site: begin, wait, write by keyboard, read the music."""

from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect

MOST_TABS = 150

Notes = list[tuple[int, int, int, int]]

FOCUS = """() => {
  let element = document.activeElement;
  const within = [];
  const climb = (from) => {
    for (let e = from; e; e = e.parentElement) within.push(e.localName);
  };
  climb(element);
  while (element?.shadowRoot?.activeElement) {
    element = element.shadowRoot.activeElement;
    climb(element);
  }
  const labels = [...(element?.labels ?? [])].map((label) => label.innerText);
  const { innerText, ariaLabel, name, type } = element ?? {};
  return {
    text: [innerText, ariaLabel, name, type, ...labels].join(' '),
    within,
    isSeen: element?.matches(':focus-visible') ?? false,
  };
}"""

NOTES = """() => document.querySelector('cp-roll').document.committed.song.tracks
  .flatMap((track) => track.notes.map((n) => [n.start, n.pitch, n.duration, n.velocity]))"""


def begin(page: Page, address: str, melody: str = "Ode to Joy Ludwig") -> None:
    """Open a new piece from a sample melody and wait until the site has it."""
    page.goto(f"{address}{reverse('studio-new')}")
    page.get_by_role("button", name=melody).click()
    saved(page)


def saved(page: Page) -> None:
    """Wait until the site has the piece as it is."""
    expect(page.locator(".studio-bar__state")).to_have_text("Saved", timeout=30_000)


def draw_a_note(page: Page) -> None:
    """Add a note by the keyboard, where the roll's cursor stands."""
    page.locator("cp-roll .surface").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def notes_of(page: Page) -> Notes:
    """Return (start, pitch, duration, velocity) of all notes in the open piece."""
    rows: list[Any] = page.evaluate(NOTES)
    return [tuple(row) for row in rows]


def tab_to(page: Page, wanted: str, within: str = "body") -> None:
    """Press Tab until what has the focus, inside an element `within`, is called `wanted`."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if wanted in focus["text"] and within in focus["within"]:
            assert focus["isSeen"], f"Nobody sees that {wanted!r} has the focus."
            return
    raise AssertionError(f"Tab never reaches {wanted!r}.")
