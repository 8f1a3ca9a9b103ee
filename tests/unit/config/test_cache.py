"""The cache that outlives its Redis."""

import socket

import pytest
import structlog

from config.cache import PatientRedisCache

OPTIONS = {"OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}, "KEY_PREFIX": "t"}


@pytest.fixture
def nowhere():
    """A Redis that does not exist."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    cache = PatientRedisCache(f"redis://127.0.0.1:{port}/0", OPTIONS)
    yield cache
    cache.clear()


@pytest.fixture
def hanging():
    """A Redis that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        cache = PatientRedisCache(f"redis://127.0.0.1:{server.getsockname()[1]}/0", OPTIONS)
        yield cache
        cache.clear()


@pytest.mark.parametrize("which", ["nowhere", "hanging"])
def test_limits_go_on_counting_without_redis(which, request):
    cache = request.getfixturevalue(which)

    cache.set("count", 1, timeout=60)
    cache.incr("count")

    assert cache.get("count") == 2
    assert cache.add("count", 7) is False
    assert cache.has_key("count")
    assert cache.touch("count", 60)
    assert cache.delete("count")
    assert cache.get("count", "gone") == "gone"


def test_a_lost_redis_is_logged_once_and_not_asked_again_for_a_while(nowhere):
    with structlog.testing.capture_logs() as lines:
        for number in range(20):
            nowhere.set(str(number), number)

    assert [line["event"] for line in lines] == ["redis_cache_unreachable"]
