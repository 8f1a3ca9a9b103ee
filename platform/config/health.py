"""Whether the site lives (`/healthz`) and can do its work (`/readyz`)."""

import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ml.techniques import TECHNIQUES, unavailable

log = structlog.get_logger("counterpoint.health")

PATIENCE_SECONDS = 2.0


class NotReady(Exception):
    """A part answered, but cannot do its work yet."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something the site stands on. Without a `required` one it serves nothing of use."""

    name: str
    check: Callable[[], None]
    required: bool = True


class HealthChecks:
    """Answers both addresses before anything else can refuse them.

    Watchers ask by an address of their own, without HTTPS and without the site's name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.views = {"/healthz": healthz, "/readyz": readyz}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.views.get(request.path, self.get_response)(request)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process does; a watcher restarts it when this fails."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Name each part and whether it works: 200 for `ok` and `degraded`, 503 for `error`.

    The broker may be down: uploads are still taken, and scored once it is back. Models may be
    missing: their techniques are refused, everything else goes on. Causes go to the log only, since
    the page is open to everybody.
    """
    began = time.monotonic()
    states = _ask_all(PARTS)
    status = _overall(states)
    body = {"status": status, "parts": states, "seconds": round(time.monotonic() - began, 3)}
    return JsonResponse(body, status=503 if status == "error" else 200)


def _ask_all(parts: tuple["Part", ...]) -> dict[str, str]:
    # In threads, since a driver that hangs cannot be interrupted from outside.
    futures = {part: _pool().submit(_in_thread, part.check) for part in parts}
    deadline = time.monotonic() + PATIENCE_SECONDS
    return {part.name: _state(part, future, deadline) for part, future in futures.items()}


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="readyz")


def _in_thread(check: Callable[[], None]) -> None:
    try:
        check()
    finally:
        connection.close()


def _state(part: Part, future: Future[None], deadline: float) -> str:
    try:
        future.result(timeout=max(0.0, deadline - time.monotonic()))
    except TookTooLong:
        future.cancel()
        log.warning("part_not_ready", part=part.name, error="no answer in time")
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a part is its state
        log.warning("part_not_ready", part=part.name, error=f"{type(error).__name__}: {error}")
    else:
        return "ok"
    return "error"


def _overall(states: dict[str, str]) -> str:
    broken = [part for part in PARTS if states[part.name] != "ok"]
    if any(part.required for part in broken):
        return "error"
    return "degraded" if broken else "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("some migrations are not applied")


def _broker() -> None:
    if not settings.CELERY_BROKER_URL.startswith("redis"):
        _writable(Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"]))
        return
    from redis import Redis

    with Redis.from_url(
        settings.CELERY_BROKER_URL, socket_timeout=1, socket_connect_timeout=1
    ) as client:
        client.ping()


def _storage() -> None:
    store: Any = storages["default"]
    if hasattr(store, "bucket_name"):
        store.connection.meta.client.head_bucket(Bucket=store.bucket_name)
    else:
        _writable(Path(settings.MEDIA_ROOT))


def _models() -> None:
    reasons = [unavailable(technique, folder=settings.WEIGHTS_DIR) for technique in TECHNIQUES]
    if any(reasons):
        raise NotReady(" ".join(reason for reason in reasons if reason))


def _writable(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise NotReady(f"{folder} cannot be written to")


PARTS = (
    Part("database", _database),
    Part("migrations", _migrations),
    Part("storage", _storage),
    Part("broker", _broker, required=False),
    Part("models", _models, required=False),
)
