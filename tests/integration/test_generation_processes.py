"""Which processes load the heavy libraries, and which never do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "safetensors", "muspy", "music21", "pretty_midi")
WEB = """
import django
django.setup()
import config.urls
from config.wsgi import application
from studio.selectors.techniques import techniques
techniques()
"""
SCORER = """
import django
django.setup()
from django.conf import settings
import importlib
from workers.celery import app
for name in settings.CELERY_IMPORTS:
    importlib.import_module(name)
"""


@pytest.mark.parametrize("code", [WEB, SCORER], ids=["web", "worker before its first generation"])
def test_a_process_that_generates_nothing_loads_no_model_library(code: str) -> None:
    ask = f"import sys; print([name for name in {HEAVY!r} if name in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{ask}"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip().splitlines()[-1] == "[]"
