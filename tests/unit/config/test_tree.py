"""Facts about the tree itself."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
APPS = ("accounts", "jobs", "learning", "studio")
DOMAIN_FILES = (
    "models",
    "services",
    "selectors",
    "ranking",
    "rules",
    "phases",
    "quotas",
    "scoring",
)


def test_platform_is_a_folder_and_not_a_package():
    assert not (ROOT / "platform" / "__init__.py").exists()

    code = "import platform; platform.system()"

    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def _domain_modules() -> list[Path]:
    apps = (ROOT / "challenges", *(ROOT / "platform" / name for name in APPS))
    return [
        path
        for app in apps
        for path in sorted(app.rglob("*.py"))
        if path.relative_to(app).with_suffix("").parts[0] in DOMAIN_FILES
    ]


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", _domain_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_domain_modules_know_no_http(path):
    http = ("django.http", "django.shortcuts", "django.views", "rest_framework")

    assert not [name for name in _imports(path) if name.startswith(http)]


def test_the_import_contracts_hold():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
