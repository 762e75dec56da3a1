"""The line to Redis: one pool for each event loop, little patience, and Fibonacci time to mend.

    value = await link.call(lambda redis: redis.get("alice:…"))  # or RedisAway, soon

Whoever calls goes on without Redis when it is away. One log line tells when it went, one when it
came back; between them only the breaker's probes knock.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Unconnected
from redis.exceptions import RedisError, ResponseError

from fibcache.core.breaker import FibonacciBreaker

log = structlog.get_logger("alice.redis")

CONNECT_S = 0.055
READ_S = 0.089
POOL = 13
REFUSALS_EVERY_S = 55.0  # at most so often is it logged that Redis refuses a command

T = TypeVar("T")


class RedisAway(Exception):
    """Redis can't be reached, or refuses: go on without it."""


class Link:
    """One process's line to Redis, for all its event loops.

    Args:
        url: `redis://`, `rediss://` or `unix://`.
        pool: connections at most, for each event loop; who finds none free waits for one.
        connect_s: longest wait for a connection.
        read_s: longest wait for a reply, and for a free connection.
        prefix: of all keys.
        monotonic: seconds that never run backwards, for the breaker.
        jitter: gives 0..1 for the breaker's delays.
    """

    def __init__(
        self,
        url: str,
        *,
        pool: int = POOL,
        connect_s: float = CONNECT_S,
        read_s: float = READ_S,
        prefix: str = "alice",
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.url, self.prefix, self.pool = url, prefix, pool
        self.connect_s, self.read_s = connect_s, read_s
        self.breaker = FibonacciBreaker(clock=monotonic, jitter=jitter)
        self.failures = 0  # calls that came to nothing, those that the breaker held back left out
        self._monotonic = monotonic
        self._away_since: float | None = None
        self._refused_at = float("-inf")
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()

    @classmethod
    def of_cache(cls, cache: Mapping[str, Any]) -> "Link":
        """Take the line that django-redis is told to take, from an entry of `CACHES`."""
        location, options = cache["LOCATION"], cache.get("OPTIONS", {})
        first = location.split(",")[0] if isinstance(location, str) else location[0]
        return cls(
            first,
            pool=options.get("CONNECTION_POOL_KWARGS", {}).get("max_connections", POOL),
            connect_s=options.get("SOCKET_CONNECT_TIMEOUT", CONNECT_S),
            read_s=options.get("SOCKET_TIMEOUT", READ_S),
            prefix=cache.get("KEY_PREFIX", "alice"),
        )

    @property
    def state(self) -> str:
        """Name the breaker's state: "closed" (all is well), "open" or "probing"."""
        return self.breaker.state

    async def call(self, work: Callable[[Redis], Awaitable[T]]) -> T:
        """Do some work with Redis.

        Raises:
            RedisAway: the breaker is open, Redis does not answer in time, or it refuses.
        """
        if not self.breaker.allow():
            raise RedisAway("left alone until it mends")
        try:
            result = await work(self.client())
        except ResponseError as error:  # it answers: out of memory, read only, not permitted …
            self._answered()
            self.failures += 1  # else what is refused would be taken for what is not there
            self._log_refusal(error)
            raise RedisAway(str(error)) from error
        except (RedisError, OSError, TimeoutError) as error:
            self._missed(error)
            raise RedisAway(str(error)) from error
        self._answered()
        return result

    def client(self) -> Redis:
        """Give this event loop's client. Prefer `call`, which heeds the breaker."""
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            client = self._clients[loop] = self._new(
                tries=2, max_connections=self.pool, timeout=self.read_s, socket_timeout=self.read_s
            )
        return client

    def listener(self, *, block_s: float) -> Redis:
        """Give a client with one connection of its own, for reads that block up to `block_s`.

        It raises when the connection is lost, so that whoever listens knows that it missed
        something. Who asked for it closes it.
        """
        patience_s = block_s + self.read_s
        return self._new(tries=1, max_connections=1, timeout=patience_s, socket_timeout=patience_s)

    async def aclose(self) -> None:
        """Let go of this event loop's connections."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    def _new(self, *, tries: int, **options: Any) -> Redis:
        pool = BlockingConnectionPool.from_url(
            self.url,
            socket_connect_timeout=self.connect_s,
            protocol=2,  # one shape of answers from every server
            # A connection that Redis closed while it was idle is opened anew, once; what timed
            # out may have been done and is not done again.
            retry=Retry(NoBackoff(), tries - 1, (Unconnected,)),
            **options,
        )
        return Redis.from_pool(pool)

    def _answered(self) -> None:
        self.breaker.succeeded()
        if self._away_since is not None:
            away_s, self._away_since = self._monotonic() - self._away_since, None
            log.info("redis_back", away_s=round(away_s, 1))

    def _missed(self, error: BaseException) -> None:
        self.failures += 1
        self.breaker.failed()
        if self.breaker.state != "closed" and self._away_since is None:
            self._away_since = self._monotonic()
            log.warning("redis_away", error=type(error).__name__)

    def _log_refusal(self, error: ResponseError) -> None:
        if self._monotonic() - self._refused_at >= REFUSALS_EVERY_S:
            self._refused_at = self._monotonic()
            log.warning("redis_refuses", error=str(error)[:200])
