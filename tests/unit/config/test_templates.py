"""What every template keeps: nothing inline (the CSP forbids it), and only icons there are."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import get_template
from pytest_django import Settings

from config.templatetags import figures

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ICONS = set(
    re.findall(r'<symbol id="([\w-]+)"', (ROOT / "platform/frontend/src/icons.svg").read_text())
)


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=_id)
def test_a_template_has_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\son[a-z]+=\"", text)
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all("src=" in tag or "application/json" in tag for tag in scripts)


@pytest.mark.parametrize("path", TEMPLATES, ids=_id)
def test_a_template_uses_icons_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    used = set(re.findall(r"{% icon [\"']([\w-]+)[\"']", text))
    used |= set(re.findall(r"symbol=\"([\w-]+)\"", text))

    assert used <= ICONS


@pytest.mark.parametrize("path", TEMPLATES, ids=_id)
def test_a_template_compiles(path: Path) -> None:
    get_template(_id(path))


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "429.html", "500.html"])
def test_error_pages_need_no_context_and_no_build(
    name: str, tmp_path: Path, settings: Settings
) -> None:
    settings.FRONTEND_DIST = tmp_path

    page = get_template(name).render()

    assert "<h1>" in page
    assert "stylesheet" not in page


def test_a_score_bar_names_its_parts_for_those_who_do_not_see_it() -> None:
    parts = [{"label": "Musical", "points": 52.3, "maximum": 65}]

    page = Template("{% load figures %}{% score_bar parts %}").render(Context({"parts": parts}))

    assert 'aria-label="Musical 52.3 of 65"' in page


def test_a_band_plot_says_in_words_where_the_piece_lies() -> None:
    source = '{% load figures %}{% band_plot 0.01 0.05 0.16 0 0.4 label="Empty beat rate" %}'

    page = Template(source).render(Context())

    assert "Empty beat rate: your piece 0.01, below the reference band from 0.05 to 0.16." in page
    assert figures.place(0.01, 0.05, 0.16) == "below"
