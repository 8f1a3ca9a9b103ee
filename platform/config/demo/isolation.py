"""A database, a broker and a folder that belong to the demo alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import dj_database_url
import psycopg
from psycopg import sql

from config.env import environment

INSIDE = "COUNTERPOINT_INSIDE_DEMO"


@contextmanager
def demo_environment(folder: str) -> Iterator[dict[str, str]]:
    """Give the environment variables of the demo's processes; remove its database afterwards.

    On PostgreSQL the demo gets a database of its own on the same server, and on Redis a key
    prefix; elsewhere everything lies in `folder`.
    """
    name = f"counterpoint_demo_{os.getpid()}"
    values = {
        INSIDE: "1",
        "COUNTERPOINT_DATA_DIR": folder,
        "COUNTERPOINT_BROKER_PREFIX": f"{name}-",
        "COUNTERPOINT_S3_BUCKET": "",
        "COUNTERPOINT_LOG_LEVEL": "WARNING",
    }
    url = environment().database_url
    if not url:
        yield values
        return
    _administer(url, "CREATE DATABASE {}", name)
    try:
        yield values | {"COUNTERPOINT_DATABASE_URL": _renamed(url, name)}
    finally:
        _administer(url, "DROP DATABASE {} WITH (FORCE)", name)


def _renamed(url: str, name: str) -> str:
    base, _, query = url.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _administer(url: str, statement: str, name: str) -> None:
    at = dj_database_url.parse(url)
    with psycopg.connect(
        host=at["HOST"] or None,
        port=at["PORT"] or None,
        user=at["USER"] or None,
        password=at["PASSWORD"] or None,
        dbname=at["NAME"],
        autocommit=True,
    ) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
