"""Runs the integration and fault tests again, on PostgreSQL and Redis.

Where the two do not answer, a newcomer's machine is told so and goes on; in CI that is a failure.
`COUNTERPOINT_TEST_POSTGRES` and `COUNTERPOINT_TEST_REDIS` say where they are, if not here.
"""

import os
import sys
from collections.abc import Callable, Iterable

import psycopg
import redis

POSTGRES = ("postgresql://postgres@127.0.0.1:5432/postgres", "postgresql:///postgres")
REDIS = ("redis://127.0.0.1:6379/10",)
TESTS = ("tests/integration", "tests/faults")


def main() -> None:
    postgres = _first(os.environ.get("COUNTERPOINT_TEST_POSTGRES"), POSTGRES, _ask_postgres)
    broker = _first(os.environ.get("COUNTERPOINT_TEST_REDIS"), REDIS, _ask_redis)
    missing = [name for name, url in (("PostgreSQL", postgres), ("Redis", broker)) if not url]
    if missing:
        _give_up(" and ".join(missing))
    os.environ["COUNTERPOINT_DATABASE_URL"] = postgres
    os.environ["COUNTERPOINT_BROKER_URL"] = broker
    tests = [folder for folder in TESTS if os.path.isdir(folder)]
    command = [sys.executable, "-m", "pytest", "-n", "auto", *tests, *sys.argv[1:]]
    sys.stdout.flush()
    os.execv(sys.executable, command)


def _give_up(missing: str) -> None:
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        sys.exit(f"counterpoint: {missing} not reachable; in CI no test is left out.")
    print(f"counterpoint: LEFT OUT the second run of the integration tests: no {missing} here.")
    sys.exit(0)


def _first(given: str | None, usual: Iterable[str], ask: Callable[[str], None]) -> str:
    for url in [given] if given else usual:
        try:
            ask(url)
        except (psycopg.Error, redis.RedisError, OSError):
            continue
        return url
    return ""


def _ask_postgres(url: str) -> None:
    with psycopg.connect(url, connect_timeout=3) as connection:
        connection.execute("SELECT 1")


def _ask_redis(url: str) -> None:
    redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3).ping()


if __name__ == "__main__":
    main()
