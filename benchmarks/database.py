"""A PostgreSQL database that exists for one benchmark only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

SERVER = os.environ.get("COUNTERPOINT_BENCH_SERVER", "postgresql://postgres@127.0.0.1:5432")


@contextmanager
def bench_database(name: str) -> Iterator[str]:
    """Make a database and set the site up on it; drop it afterwards. Gives its address.

    :raises psycopg.OperationalError: if no PostgreSQL answers at `COUNTERPOINT_BENCH_SERVER`
    """
    unique = f"counterpoint_{name}_{os.getpid()}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=5) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unique)))
        os.environ["COUNTERPOINT_DATABASE_URL"] = f"{SERVER}/{unique}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        try:
            _set_up()
            yield os.environ["COUNTERPOINT_DATABASE_URL"]
        finally:
            _hang_up()
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(unique)))


def _set_up() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _hang_up() -> None:
    from django.db import connections

    connections.close_all()
