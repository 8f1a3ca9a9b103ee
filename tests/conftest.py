"""What every test may ask for, and which tests run where.

The suite runs on SQLite and the embedded broker. `make test` then runs the integration and fault
tests again on PostgreSQL and Redis (see `tests/on_services.py`). Tests marked `postgres` or `redis`
belong to that second run only.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from config import catalogs
from tests.factories import make_person
from tests.models import write_tiny_weights
from tests.s3 import S3Server, s3_server
from tests.studio import weights_in

ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to the other run, or to a machine with a browser."""
    missing = _markers_out_of_place()
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in missing)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _markers_out_of_place() -> set[str]:
    missing = set()
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        missing.add("postgres")
    if not settings.CELERY_BROKER_URL.startswith("redis"):
        missing.add("redis")
    if CHROMIUM is None:
        if IN_CI:
            raise pytest.UsageError("CI needs Chromium; no browser test may be left out there.")
        missing.add("browser")
    return missing


def pytest_report_header() -> list[str]:
    """Say what this run uses."""
    database = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[1]
    broker = settings.CELERY_BROKER_URL.split(":", 1)[0]
    lines = [f"counterpoint: database {database}, broker {broker}"]
    if CHROMIUM is None:
        lines.append("counterpoint: browser tests LEFT OUT, since there is no Chromium here")
    return lines


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI, a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if IN_CI and reporter and reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_configure() -> None:
    """Let German pages speak as their catalog says now."""
    if not catalogs.is_built():
        catalogs.build()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the run's data folder, once, when all workers are done."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(os.environ["COUNTERPOINT_TEST_RUN"], ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_leftovers() -> None:
    """Throttles and rate limits count in the cache: every test begins with an empty one."""
    cache.clear()


@pytest.fixture
def now() -> datetime:
    """A moment in the middle of a round of November 2026."""
    return datetime(2026, 11, 14, 12, 0, tzinfo=UTC)


@pytest.fixture
def participant(db: None) -> User:
    return make_person()


@pytest.fixture
def organizer(db: None) -> User:
    return make_person(is_organizer=True)


@pytest.fixture
def judge(db: None) -> User:
    return make_person(is_judge=True)


@pytest.fixture
def api() -> APIClient:
    """An API client that nobody is signed in to; `api.force_authenticate(person)` signs in."""
    return APIClient()


@pytest.fixture
def signed_in(participant: User, client: Client) -> Client:
    """A browser in which `participant` is signed in."""
    client.force_login(participant)
    return client


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tiny random weights of every technique, made once."""
    return write_tiny_weights(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def weights(tiny_weights: Path, tmp_path: Path) -> Iterator[Path]:
    """Tiny weights that the site and its workers use, and that the test may damage."""
    with weights_in(Path(shutil.copytree(tiny_weights, tmp_path / "weights"))) as folder:
        yield folder


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A running SeaweedFS with an empty bucket."""
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Run the machine's Chromium; inside a container root cannot have a sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": arguments}
