"""Template tags that find the built front end: `{% load frontend %}`.

The build writes `manifest.json`, which maps source names to hashed files. Names given to these
tags are relative to `platform/frontend/src`: "main.ts", "icons.svg".
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

SOURCE = "src/"
STATIC_PREFIX = "frontend/"


class FrontendNotBuilt(ImproperlyConfigured):
    """The front end has not been built, or the build lacks the file a template asks for."""


@lru_cache(maxsize=2)
def _read_manifest(path: Path, modified_ns: int) -> dict[str, dict[str, Any]]:
    """Return the manifest at `path`; `modified_ns` makes a new build a new cache entry."""
    del modified_ns
    manifest: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def _manifest_entry(name: str) -> dict[str, Any]:
    """Return the manifest's row for source file `name`."""
    path = Path(settings.FRONTEND_DIST) / "manifest.json"
    try:
        manifest = _read_manifest(path, path.stat().st_mtime_ns)
    except FileNotFoundError as error:
        message = f"The front end is not built: {path} is missing. Run `make setup`."
        raise FrontendNotBuilt(message) from error
    try:
        return manifest[SOURCE + name]
    except KeyError as error:
        message = f"The front end's build has no {name!r}. Build it again with `make setup`."
        raise FrontendNotBuilt(message) from error


def _address(file: str) -> str:
    # The build's names tell their content already. A second hash would give a module two
    # addresses, since the build's own imports do not know of it, and so run it twice.
    return f"{settings.STATIC_URL}{STATIC_PREFIX}{file}"


@register.simple_tag
def frontend_asset(name: str) -> str:
    """Return the address of the built file for source `name`."""
    return _address(_manifest_entry(name)["file"])


@register.simple_tag
def frontend_styles(name: str, required: bool = True) -> SafeString:
    """Return the `<link>` elements for the style sheets that entry `name` imports.

    With `required=False` a missing build gives no styles instead of an error: for error pages,
    which must never fail themselves.
    """
    try:
        files = _manifest_entry(name).get("css", [])
    except FrontendNotBuilt:
        if required:
            raise
        files = []
    rows = [(_address(file),) for file in files]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', rows)


@register.simple_tag
def frontend_script(name: str) -> SafeString:
    """Return the `<script>` element for entry `name`."""
    return format_html('<script type="module" src="{}"></script>', frontend_asset(name))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return one icon of the sprite; without a `label` it is hidden from assistive technology."""
    address = frontend_asset("icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label,
            address,
            name,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', address, name
    )
