"""A cache in Redis that outlives Redis: counters for throttles must never break a page."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger("counterpoint.cache")

T = TypeVar("T")


class PatientRedisCache(BaseCache):
    """Redis while it answers; this process's own memory for a while after it did not.

    Limits then count per process instead of per site: looser, but never gone.
    """

    pause_seconds = 5.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._redis = RedisCache(server, params)
        self._memory = LocMemCache("patient-redis", params)
        self._closed_until = 0.0

    def _ask(self, question: Callable[[BaseCache], T]) -> T:
        if time.monotonic() >= self._closed_until:
            try:
                return question(self._redis)
            except (RedisError, OSError) as error:
                self._closed_until = time.monotonic() + self.pause_seconds
                log.warning("redis_cache_unreachable", error=type(error).__name__)
        return question(self._memory)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None
    ) -> bool:
        return self._ask(lambda cache: cache.add(key, value, timeout, version))

    def get(self, key: str, default: Any = None, version: Any = None) -> Any:
        return self._ask(lambda cache: cache.get(key, default, version))

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None
    ) -> None:
        self._ask(lambda cache: cache.set(key, value, timeout, version))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return self._ask(lambda cache: cache.touch(key, timeout, version))

    def delete(self, key: str, version: Any = None) -> bool:
        return self._ask(lambda cache: cache.delete(key, version))

    def incr(self, key: str, delta: int = 1, version: Any = None) -> int:
        return self._ask(lambda cache: cache.incr(key, delta, version))

    def has_key(self, key: str, version: Any = None) -> bool:
        return self._ask(lambda cache: cache.has_key(key, version))

    def clear(self) -> None:
        """Forget this cache's keys only: the broker may live in the same Redis database."""
        self._memory.clear()
        self._ask(lambda cache: cache.delete_many(self._own_keys(cache)))

    def _own_keys(self, cache: BaseCache) -> list[str]:
        if not isinstance(cache, RedisCache):
            return []
        client = cache._cache.get_client()
        start = self.make_key("")
        return [key.decode()[len(start) :] for key in client.scan_iter(f"{start}*")]
