"""What must be in order before the site starts, each with one sentence for whoever starts it."""

import os
import shutil
import socket
import uuid
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

LEAST_FREE = 50 * 1024 * 1024  # bytes


class CannotStart(Exception):
    """The site cannot start; the message says why in one sentence."""


def check_port(host: str, port: int) -> None:
    """Refuse an address that another program listens on, or that this machine does not have."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"Cannot listen on {host} port {port}: {os.strerror(error.errno or 0).lower()}. "
                "Choose another port with PORT= or --port."
            ) from None
        except OverflowError:
            raise CannotStart(f"There is no port {port}: ports go from 1 to 65535.") from None


def check_data_folder(folder: Path) -> None:
    """Make the data folder, and refuse one that cannot be written to or is nearly full."""
    probe = folder / f".write-test-{uuid.uuid4().hex}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise CannotStart(f"Cannot write to the data folder {folder}: {reason}.") from None
    if free < LEAST_FREE:
        raise CannotStart(
            f"The disk of the data folder {folder} is nearly full: {free // 2**20} MB are free, "
            f"{LEAST_FREE // 2**20} MB are needed."
        )


def check_database() -> None:
    """Refuse a database that cannot be reached."""
    try:
        connection.ensure_connection()
    except Error as error:
        reason = " ".join(str(error).split())
        raise CannotStart(f"Cannot reach the database: {reason}") from None


def check_migrations() -> None:
    """Bring an embedded database up to date; refuse another one that is not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return
    if connection.vendor != "sqlite":
        raise CannotStart(
            f"The database lacks {len(plan)} migrations: run `manage.py migrate` first."
        )
    call_command("migrate", interactive=False, verbosity=0)


def check_front_end() -> None:
    """Refuse a front end that was not built, and collect the static files if they are older."""
    built, collected = settings.FRONTEND_DIST, Path(settings.STATIC_ROOT, "staticfiles.json")
    files = [path for path in built.rglob("*") if path.is_file()] if built.is_dir() else []
    if not files:
        raise CannotStart(
            "The front end is not built, so pages would have no style: run `make setup` first."
        )
    newest = max(path.stat().st_mtime for path in files)
    if not collected.exists() or collected.stat().st_mtime < newest:
        call_command("collectstatic", interactive=False, verbosity=0)
