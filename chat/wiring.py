"""The only place that picks real parts and builds the `Kit`."""

import asyncio
import time
from datetime import UTC, datetime
from functools import cache

from django.conf import settings

from chat import db, live
from chat.core.flights import SingleFlight
from chat.core.kit import Kit
from chat.journal import DatabaseJournal
from chat.llm.fleet import Fleet
from chat.meter import PrometheusMeter
from chat.radio import RedisRadio
from chat.reader import FirstReader
from chat.replays import DatabaseReplays
from chat.speakers.micro import MicroSpeaker
from chat.speakers.planner import Planner
from chat.speakers.tool import ToolSpeaker
from chat.tools import TOOLS
from chat.tools import warm as warm_tools
from fibcache.core.cache import FibonacciCache
from fibcache.core.encoder import Encoder
from fibcache.core.guards import GUARDS
from fibcache.core.index import Index, ScopedIndex
from fibcache.core.matching import Matcher
from fibcache.encoders.choice import Choice, chosen
from fibcache.encoders.patient import PatientEncoder
from fibcache.quarantine import DatabaseQuarantine
from fibcache.stores.lease import Leases
from fibcache.stores.link import Link
from fibcache.stores.memory import MemoryStore
from guardian.core.pii import Pseudonyms
from guardian.limiter import TokenBuckets


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Tell the time of day, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Count seconds that never run backwards, finely enough to time a step."""
        return time.perf_counter()


@cache
def kit() -> Kit:
    """Build this process's parts, once."""
    clock, meter = SystemClock(), PrometheusMeter()
    return Kit(
        clock=clock,
        limiter=TokenBuckets(clock.monotonic),
        cache=FibonacciCache(
            MemoryStore(clock.monotonic, max_bytes=settings.ALICE_CACHE_BYTES),
            _index(clock),
            Matcher(encoder(), GUARDS),
            clock=clock.monotonic,
            quarantine=DatabaseQuarantine(db.in_db),
        ),
        replays=DatabaseReplays(clock),
        journal=DatabaseJournal(),
        reader=FirstReader(clock, TOOLS),
        speakers={
            "micro": MicroSpeaker(),
            "tool": ToolSpeaker(TOOLS),
            "planner": Planner(fleet(), TOOLS, clock),
        },
        flights=SingleFlight(meter, _radio()),
        tools=tuple(tool.name for tool in TOOLS),
        meter=meter,
    )


def _radio() -> RedisRadio | None:
    redis = link()
    return None if redis is None else RedisRadio(Leases(redis, lease_s=settings.ALICE_LEASE_S))


def _index(clock: SystemClock) -> Index:
    if settings.ALICE_VECTORS != "pgvector":
        return ScopedIndex(encoder().fingerprint)
    from fibcache.vectors.pgvector import PgvectorIndex  # its library is loaded only if needed

    return PgvectorIndex(
        encoder().fingerprint,
        db.in_db,
        clock=clock.monotonic,
        within_s=settings.ALICE_VECTORS_S,
    )


@cache
def encoder() -> Encoder:
    """Make this process's vectors, once chosen.

    Raises:
        BadChoice: the environment asks for one that there is not; `manage.py check` says so.
    """
    return chosen(
        Choice.read(settings.ALICE_ENCODER, settings.ALICE_ENCODER_URL),
        key=settings.ALICE_ENCODER_KEY,
        within_s=settings.ALICE_ENCODER_S,
        pool=settings.ALICE_BACKEND_POOL,
        clock=SystemClock().monotonic,
    )


@cache
def fleet() -> Fleet:
    """Know this process's model servers, once."""
    return Fleet(SystemClock(), pool=settings.ALICE_BACKEND_POOL)


@cache
def link() -> Link | None:
    """Hold this process's line to Redis, where the environment names one."""
    return Link.of_cache(settings.CACHES["default"]) if settings.REDIS_URL else None


async def warm() -> None:
    """Load what the parts are slow to load, so that the first turn is as quick as the second."""
    await asyncio.to_thread(_load)
    await fleet().choices(await live.current())


def _load() -> None:
    kit()
    warm_tools()
    Pseudonyms().mask("070-123 45 67 SE45 5000 0000 0583 9825 7466")  # reads the numbering plans


async def close() -> None:
    """Let go of connections when the server stops."""
    if fleet.cache_info().currsize:
        await fleet().aclose()
    if encoder.cache_info().currsize and isinstance(made := encoder(), PatientEncoder):
        await made.aclose()
    if (line := link()) is not None:
        await line.aclose()
    db.close()
