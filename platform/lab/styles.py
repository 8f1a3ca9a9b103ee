"""What the shipped styles hold: counted once, when the corpora were prepared for this release.

`manage.py count_styles` writes `styles.json` anew from prepared grids.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("styles.json")


@cache
def counted() -> dict[str, dict[str, Any]]:
    """Return the totals of every style, by name: the same keys as a data set's survey."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text())
    return found


def totals_of_style(style: str) -> dict[str, Any]:
    """Return the totals of one style.

    :raises KeyError: if there is no such style
    """
    return counted()[style]
