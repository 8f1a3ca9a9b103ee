"""How templates find the built front end."""

import json
import os
from pathlib import Path

import pytest
from pytest_django import Settings

from config.templatetags import frontend

MANIFEST = {
    "src/main.ts": {"file": "assets/main-1.js", "css": ["assets/main-2.css"]},
    "src/icons.svg": {"file": "assets/icons-3.svg"},
}


@pytest.fixture
def dist(tmp_path: Path, settings: Settings) -> Path:
    settings.FRONTEND_DIST = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    return tmp_path


@pytest.mark.usefixtures("dist")
def test_names_become_hashed_addresses() -> None:
    assert frontend.frontend_asset("main.ts").endswith("/frontend/assets/main-1.js")
    assert "/frontend/assets/main-2.css" in frontend.frontend_styles("main.ts")
    assert frontend.frontend_script("main.ts").startswith('<script type="module" src="')


def test_a_new_build_is_seen_without_a_restart(dist: Path) -> None:
    before = frontend.frontend_asset("icons.svg")
    manifest = MANIFEST | {"src/icons.svg": {"file": "assets/icons-4.svg"}}
    path = dist / "manifest.json"
    later = path.stat().st_mtime_ns + 1_000_000_000

    path.write_text(json.dumps(manifest))
    os.utime(path, ns=(later, later))

    assert frontend.frontend_asset("icons.svg") != before


def test_a_missing_build_says_what_to_run(dist: Path) -> None:
    (dist / "manifest.json").unlink()

    with pytest.raises(frontend.FrontendNotBuilt, match="make setup"):
        frontend.frontend_asset("main.ts")
    assert frontend.frontend_styles("main.ts", required=False) == ""


@pytest.mark.usefixtures("dist")
def test_an_unknown_name_is_named_in_the_error() -> None:
    with pytest.raises(frontend.FrontendNotBuilt, match=r"'other\.ts'"):
        frontend.frontend_asset("other.ts")


@pytest.mark.usefixtures("dist")
def test_an_icon_is_hidden_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in frontend.icon("play")
    labelled = frontend.icon("play", 'Play "it"')
    assert 'aria-label="Play &quot;it&quot;"' in labelled
    assert "#play" in labelled
